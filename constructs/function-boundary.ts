import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, type IAspect } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { bootstrapStackName, type Environment } from "../release/environment";
import type { AwsTarget } from "./aws-target";
import { executionActions } from "./execution-role";
import { allow, policyDocument } from "./policy-document";

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
 * The most that a function of the environment can do: what an execution role may be given. Who deploys writes
 * the roles' policies and the functions' code, and would by these get every right without it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryPolicy({ partition, accountId }: AwsTarget, { region }: Environment): string {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const { logs, tracing, vpc, topic, queue } = executionActions;
  return policyDocument(
    allow(logs, arn("logs", "log-group:/aws/lambda/*")),
    allow([...tracing, ...vpc], "*"),
    allow(topic, arn("sns", "*")),
    allow(queue, arn("sqs", "*")),
  );
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
