import { Construct } from "constructs";
import type { DeployedFunction } from "../release/release";
import type { AwsTarget } from "./aws-target";
import { applicationArn, deploymentGroupArn } from "./codedeploy-rollout";
import { allow } from "./policy-document";
import { ServiceFunction } from "./service-function";

export interface RolloutHookProps {
  /** Name of the release: that of the application and of its deployment group. */
  readonly name: string;
  readonly target: AwsTarget;
  readonly hook: DeployedFunction;
  /** ARN of the function whose versions it may invoke. @default - none */
  readonly invokes?: string;
  /** The address that it is to call, as the environment variable API_ENDPOINT. @default - none */
  readonly calls?: string;
}

/** What a hook's role may do besides, by what it is about. */
export const hookActions = {
  report: ["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"],
  revision: ["codedeploy:GetApplicationRevision"],
  invoke: ["lambda:InvokeFunction"],
} as const;

/** A function that CodeDeploy asks whether it may go on. */
export class RolloutHook extends Construct {
  readonly functionName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, target, hook, invokes, calls }: RolloutHookProps) {
    super(scope, id);
    const { functionName, arn } = new ServiceFunction(this, "function", hook, {
      environment: calls === undefined ? undefined : { API_ENDPOINT: calls },
      statements: [
        allow(hookActions.report, deploymentGroupArn(target, name)),
        // What a deployment does stands in its revision, and a revision is the application's.
        allow(hookActions.revision, applicationArn(target, name)),
        ...(invokes === undefined ? [] : [allow(hookActions.invoke, `${invokes}:*`)]),
      ],
    });
    this.functionName = functionName;
    this.arn = arn;
  }
}
