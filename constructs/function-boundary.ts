import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, type IAspect } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { bootstrapStackName, type Environment } from "../release/environment";
import { hookName } from "../release/hooks";
import { codeDeployRoleName } from "../release/rollout";
import type { AwsTarget } from "./aws-target";
import { rolloutActions } from "./codedeploy-rollout";
import { executionActions } from "./execution-role";
import { allow, policyDocument, type Statement } from "./policy-document";
import { hookActions } from "./rollout-hook";

/** The path of the roles and policies that GitHub's roles must not touch, whatever their names. */
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
export function boundaryPolicy(target: AwsTarget, environment: Environment): string {
  const { partition, accountId } = target;
  const { region } = environment;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const { logs, tracing, vpc, topic, queue } = executionActions;
  return policyDocument(
    allow(logs, arn("logs", "log-group:/aws/lambda/*")),
    allow([...tracing, ...vpc], "*"),
    allow(topic, arn("sns", "*")),
    allow(queue, arn("sqs", "*")),
    ...rolloutBoundary(target, environment),
  );
}

/** What shifts and hooks need is for their roles alone: no other function moves an alias. */
function rolloutBoundary({ partition, accountId }: AwsTarget, environment: Environment): Statement[] {
  const { name, region } = environment;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const ofRole = (role: string) => ({
    ArnLike: { "aws:PrincipalArn": `arn:${partition}:iam::${accountId}:role/${role}` },
  });
  const all = `*-${name}`;
  const hooks = hookName({ service: "*", environment }, "*");
  const { alias, concurrency, alarms, hooks: asking } = rolloutActions;
  const codeDeploy = ofRole(codeDeployRoleName(all));
  const hook = ofRole(hooks);
  return [
    allow(
      [...alias, ...concurrency],
      [`function:${all}`, `function:${all}:*`].map((one) => arn("lambda", one)),
      codeDeploy,
    ),
    allow(alarms, "*", codeDeploy),
    allow(asking, arn("lambda", `function:${hooks}`), codeDeploy),
    allow(hookActions.report, arn("codedeploy", `deploymentgroup:${all}/${all}`), hook),
    allow(hookActions.revision, arn("codedeploy", `application:${all}`), hook),
    allow(hookActions.invoke, arn("lambda", `function:${all}:*`), hook),
  ];
}

/** Gives every role of a stack the boundary, also those of a stack that extends it. */
export function limitRoles(stack: Construct, boundary: string): void {
  Aspects.of(stack).add(new Boundary(boundary));
}

class Boundary implements IAspect {
  constructor(private readonly arn: string) {}

  visit(node: IConstruct): void {
    if (node instanceof IamRole && node.permissionsBoundaryInput === undefined) {
      node.permissionsBoundary = this.arn;
    }
  }
}
