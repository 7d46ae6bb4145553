import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, type IAspect } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { bootstrapStackName, type Environment } from "../src/release/environment/environment";
import { executionActions } from "../src/release/functions/execution-actions";
import { hookName } from "../src/release/functions/hooks";
import { type RoleName, roleOf } from "../src/release/functions/role";
import { guardRoleName } from "../src/release/guard";
import { codeDeployRoleName } from "../src/release/shifts/rollout";
import type { UsedResources } from "../src/release/used-resources";
import type { AwsTarget } from "./aws-target";
import { rolloutActions } from "./codedeploy-rollout";
import { networkInterfaces } from "./execution-role";
import { guardBoundary } from "./guard-privileges";
import { allow, policyDocument, resources, type Statement } from "./policy-document";
import { hookActions } from "./rollout-hook";
import { pollStatements } from "./trigger-permissions";

/** The path of GitHub's roles and of their policies, which none of these roles can touch. */
export const bootstrapPath = "/bootstrap/";

/** Name of the policy that is the boundary of the functions' roles. */
export function boundaryName({ name }: Environment): string {
  return `${bootstrapStackName(name)}-functions`;
}

export function boundaryArn({ partition, accountId }: AwsTarget, environment: Environment): string {
  return `arn:${partition}:iam::${accountId}:policy${bootstrapPath}${boundaryName(environment)}`;
}

/**
 * The most that a function of the environment can do, and CodeDeploy with it: what their roles may be given. Who
 * deploys writes the roles' policies and the functions' code, and would by these get every right without it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryPolicy(target: AwsTarget, environment: Environment, used: UsedResources): string {
  const { keys, triggers } = used;
  const { partition, accountId } = target;
  const { region } = environment;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const { logs, tracing, topic, queue, key } = executionActions;
  return policyDocument(
    allow(logs, arn("logs", "log-group:/aws/lambda/*")),
    allow(tracing, "*"),
    ...networkInterfaces(),
    allow(topic, arn("sns", "*")),
    allow(queue, arn("sqs", "*")),
    ...(environment.github?.functions.permissions ?? []).map(({ actions, resources }) =>
      allow(actions, resources),
    ),
    ...(keys.length === 0 ? [] : [allow(key, keys)]),
    ...pollStatements(triggers),
    ...rolloutBoundary(target, environment, used),
    // No other function moves users.
    ...guardBoundary(
      { target, environment, used },
      byRole(guardRoleName(`*-${environment.name}`), target, environment),
    ),
  );
}

/** What shifts and hooks need is for their roles alone: no other function moves an alias. */
function rolloutBoundary(
  target: AwsTarget,
  environment: Environment,
  { movesNamedFunctions }: UsedResources,
): Statement[] {
  const { partition, accountId } = target;
  const { name, region } = environment;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const all = `*-${name}`;
  // Functions that are not named as their service, with their versions and aliases.
  const named = movesNamedFunctions ? [`${all}-*`] : [];
  const hooks = hookName({ service: "*", environment }, "*");
  const { alias, concurrency, alarms, hooks: asking } = rolloutActions;
  const codeDeploy = byRole(codeDeployRoleName("*"), target, environment);
  const hook = byRole(hooks, target, environment);
  return [
    allow(
      [...alias, ...concurrency],
      [all, `${all}:*`, ...named].map((one) => arn("lambda", `function:${one}`)),
      codeDeploy,
    ),
    allow(alarms, "*", codeDeploy),
    allow(asking, arn("lambda", `function:${hooks}`), codeDeploy),
    allow(
      hookActions.report,
      resources([all, ...named].map((one) => arn("codedeploy", `deploymentgroup:${all}/${one}`))),
      hook,
    ),
    allow(hookActions.revision, arn("codedeploy", `application:${all}`), hook),
    allow(
      hookActions.invoke,
      resources([`${all}:*`, ...named].map((one) => arn("lambda", `function:${one}`))),
      hook,
    ),
  ];
}

/** That a role of the environment asks, or one whose name matches. */
function byRole(name: string, target: AwsTarget, environment: Environment): object {
  return { ArnLike: { "aws:PrincipalArn": roleArn(target, roleOf(name, environment)) } };
}

/** The ARN of a role, or of those whose names match. */
export function roleArn({ partition, accountId }: AwsTarget, { name, path = "/" }: RoleName): string {
  return `arn:${partition}:iam::${accountId}:role${path}${name}`;
}

/** What the roles that GitHub's workflows create have in common. */
export interface RoleLimits {
  /** ARN of the boundary. */
  readonly permissionsBoundary: string;
  /** Path of all roles of the stack, with a slash at both ends. */
  readonly path: string;
}

/** Gives every role of a stack the boundary and the path, also those of a stack that extends it. */
export function limitRoles(stack: Construct, limits: RoleLimits): void {
  Aspects.of(stack).add(new LimitedRoles(limits));
}

class LimitedRoles implements IAspect {
  constructor(private readonly limits: RoleLimits) {}

  visit(node: IConstruct): void {
    if (!(node instanceof IamRole)) return;
    if (node.permissionsBoundaryInput === undefined)
      node.permissionsBoundary = this.limits.permissionsBoundary;
    if (node.pathInput === undefined) node.path = this.limits.path;
  }
}
