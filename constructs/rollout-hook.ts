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

/** A function that CodeDeploy asks whether it may go on. */
export class RolloutHook extends Construct {
  readonly functionName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, target, hook, invokes, calls }: RolloutHookProps) {
    super(scope, id);
    const { functionName, arn } = new ServiceFunction(this, "function", hook, {
      environment: calls === undefined ? undefined : { API_ENDPOINT: calls },
      statements: [
        allow(
          ["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"],
          deploymentGroupArn(target, name),
        ),
        // What a deployment does stands in its revision, and a revision is the application's.
        allow(["codedeploy:GetApplicationRevision"], applicationArn(target, name)),
        ...(invokes === undefined ? [] : [allow(["lambda:InvokeFunction"], `${invokes}:*`)]),
      ],
    });
    this.functionName = functionName;
    this.arn = arn;
  }
}
