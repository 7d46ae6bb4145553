import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { hookId } from "../src/release/construct-ids";
import type { DeployedFunction } from "../src/release/functions/deployed-function";
import type { FunctionSettings } from "../src/release/functions/function-settings";
import { type Hook, type HookMoment, type Hooks, inWords, isDeployed } from "../src/release/functions/hooks";
import type { AwsTarget } from "./aws-target";
import { applicationArn, deploymentGroupArn } from "./codedeploy-rollout";
import { allow, resources, type Statement } from "./policy-document";
import { ServiceFunction } from "./service-function";

export interface RolloutHookProps {
  /** Name of the release: that of the application. */
  readonly name: string;
  /** Names of the deployment groups whose deployments ask it. @default - one, named as the release */
  readonly groups?: readonly string[];
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** The function with its code and settings. */
  readonly hook: DeployedFunction;
  /** ARNs of the functions whose versions it may invoke. @default - none */
  readonly invokes?: readonly string[];
  /** Environment variables that tell it what to call. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The network that it calls from. @default - the one that Lambda has */
  readonly vpc?: FunctionSettings["vpc"];
  /** What its role may do besides writing logs and invoking. @default - it may learn of, and report to, CodeDeploy */
  readonly statements?: readonly Statement[];
}

/** What a hook's role may do besides, by what it is about. */
export const hookActions = {
  report: ["codedeploy:GetDeployment", "codedeploy:PutLifecycleEventHookExecutionStatus"],
  revision: ["codedeploy:GetApplicationRevision"],
  invoke: ["lambda:InvokeFunction"],
} as const;

/** A function that CodeDeploy asks whether it may go on. */
export class RolloutHook extends Construct {
  /** Name of the function in AWS. */
  readonly functionName: string;
  /** ARN of the function. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RolloutHookProps) {
    super(scope, id);
    const { hook, invokes = [], environment, vpc = hook.settings.vpc } = props;
    const inNetwork = { ...hook, settings: { ...hook.settings, vpc } };
    const { functionName, arn } = new ServiceFunction(this, "function", inNetwork, {
      environment,
      statements: [
        ...(props.statements ?? this.renderReporting(props)),
        ...(invokes.length === 0
          ? []
          : [allow(hookActions.invoke, resources(invokes.map((arn) => `${arn}:*`)))]),
      ],
    });
    this.functionName = functionName;
    this.arn = arn;
  }

  private renderReporting({ name, groups = [name], target }: RolloutHookProps): Statement[] {
    return [
      allow(hookActions.report, resources(groups.map((group) => deploymentGroupArn(target, name, group)))),
      // What a deployment does stands in its revision, and a revision is the application's.
      allow(hookActions.revision, applicationArn(target, name)),
    ];
  }
}

/** What a hook may call, and from where. */
export type Asks = Pick<RolloutHookProps, "invokes" | "environment" | "vpc">;

export interface RolloutHooksProps
  extends Pick<RolloutHookProps, "name" | "groups" | "target" | "statements"> {
  /** By moment, the functions that are asked. */
  readonly hooks: Hooks;
  /** What each of them may call, by its moment. */
  readonly asks: (moment: HookMoment) => Asks;
}

/** A function that is asked, and when. */
export interface AskedHook {
  /** When CodeDeploy calls it. */
  readonly moment: HookMoment;
  /** ARN of the function. */
  readonly arn: string;
}

/**
 * The functions that are asked on the way, with the output `hooks`: their names by the moment. Those that are there
 * already stay as they are.
 */
export function addRolloutHooks(
  scope: Construct,
  { hooks, asks, ...props }: RolloutHooksProps,
): readonly AskedHook[] {
  const asked = Object.entries(hooks).map(([moment, hook]) => {
    const called = calledFunction(scope, hookId(moment), hook, {
      ...props,
      ...asks(moment as HookMoment),
    });
    return { ...called, moment: moment as HookMoment };
  });
  if (asked.length > 0) {
    const names = asked.map(({ moment, name }) => [inWords(moment, "_"), name]);
    new TerraformOutput(scope, "hooks", { value: Object.fromEntries(names) });
  }
  return asked;
}

function calledFunction(
  scope: Construct,
  id: string,
  hook: Hook,
  props: Omit<RolloutHookProps, "hook">,
): { readonly name: string; readonly arn: string } {
  if (!isDeployed(hook)) return { name: hook.arn, arn: hook.arn };
  const { functionName: name, arn } = new RolloutHook(scope, id, { ...props, hook });
  return { name, arn };
}
