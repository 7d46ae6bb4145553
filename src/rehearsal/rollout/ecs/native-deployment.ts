import type { CreateDeploymentGroupInput, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { ecsStages, type LifecycleEventName } from "../../codedeploy/lifecycle";
import type { Applied, AppliedState } from "../../terraform/applied-state";
import type { Arguments } from "../../terraform/configuration";
import { blockIn, type ShiftSettings } from "../planned-shift";
import type { ToldSubject } from "../subject";

/** How ECS itself deploys a service, in CodeDeploy's terms: the same engine plays both. */
export interface NativeDeployment extends ShiftSettings {
  readonly group: CreateDeploymentGroupInput & { readonly deploymentConfigName: string };
  readonly routing: TrafficRoutingConfig;
}

/** ECS's names for what it is at, and what it calls its deployments. */
export const toldByEcs: ToldSubject = {
  mover: "ECS",
  event: (name) => ecsStages[name as LifecycleEventName] ?? name,
  deployment: "the deployment",
  rollback: "the rollback",
};

/** Whether ECS moves users of a service by itself, from one target group to the other. */
export function isNative(args: Arguments): boolean {
  const strategy = blockIn(args, "deployment_configuration")?.["strategy"];
  return ["BLUE_GREEN", "CANARY", "LINEAR"].includes(String(strategy));
}

/** @returns nothing where CodeDeploy moves the service */
export function nativeDeploymentOf(
  state: AppliedState,
  { attributes }: Applied,
): NativeDeployment | undefined {
  if (!isNative(attributes)) return undefined;
  const configuration = blockIn(attributes, "deployment_configuration") ?? {};
  const advanced = blockIn(blockIn(attributes, "load_balancer") ?? {}, "advanced_configuration");
  if (advanced === undefined)
    throw new Error("the service's load balancer must have an advanced configuration");
  const { name: deploymentConfigName, routing } = shiftOf(configuration);
  const { enable, alarm_names: names = [] } = blockIn(attributes, "alarms") ?? {};
  const alarms = enable === true ? (names as string[]) : [];
  const [cluster = "", name = ""] = String(attributes["id"]).split("/").slice(-2);
  const groups = [
    blockIn(attributes, "load_balancer")?.["target_group_arn"],
    advanced["alternate_target_group_arn"],
  ];
  const listener = (rule: string) => ({ listenerArns: [listenerOf(state, advanced[rule])] });
  return {
    routing,
    alarms,
    group: {
      applicationName: name,
      deploymentGroupName: name,
      serviceRoleArn: String(advanced["role_arn"]),
      deploymentConfigName,
      ecsServices: [{ clusterName: cluster, serviceName: name }],
      alarmConfiguration:
        alarms.length === 0 ? undefined : { enabled: true, alarms: alarms.map((one) => ({ name: one })) },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            prodTrafficRoute: listener("production_listener_rule"),
            testTrafficRoute: advanced["test_listener_rule"] ? listener("test_listener_rule") : undefined,
            targetGroups: groups.map((arn) => ({ name: targetGroupName(state, arn) })),
          },
        ],
      },
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: "TERMINATE",
          terminationWaitTimeInMinutes: Number(configuration["bake_time_in_minutes"] ?? 0),
        },
      },
    },
  };
}

/** How ECS shifts: `CANARY, 10 % for 5 minutes`. */
function shiftOf(configuration: Arguments): {
  readonly name: string;
  readonly routing: TrafficRoutingConfig;
} {
  const canary = blockIn(configuration, "canary_configuration");
  const linear = blockIn(configuration, "linear_configuration");
  const strategy = String(configuration["strategy"]);
  if (strategy === "CANARY") {
    // What AWS has where nothing is given: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
    const percent = Number(canary?.["canary_percent"] ?? 5);
    const minutes = Number(canary?.["canary_bake_time_in_minutes"] ?? 10);
    const timeBasedCanary = { canaryPercentage: percent, canaryInterval: minutes };
    return {
      name: `${strategy}, ${percent} % for ${minutes} min`,
      routing: { type: "TimeBasedCanary", timeBasedCanary },
    };
  }
  if (strategy === "LINEAR") {
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
    const percent = Number(linear?.["step_percent"] ?? 10);
    const minutes = Number(linear?.["step_bake_time_in_minutes"] ?? 6);
    const timeBasedLinear = { linearPercentage: percent, linearInterval: minutes };
    return {
      name: `${strategy}, ${percent} % every ${minutes} min`,
      routing: { type: "TimeBasedLinear", timeBasedLinear },
    };
  }
  return { name: strategy, routing: { type: "AllAtOnce" } };
}

function listenerOf(state: AppliedState, ruleArn: unknown): string {
  const rule = state.ofType("aws_lb_listener_rule").find(({ attributes }) => attributes["arn"] === ruleArn);
  if (rule === undefined) throw new Error(`the stack must create the listener rule ${ruleArn}`);
  return String(rule.attributes["listener_arn"]);
}

function targetGroupName(state: AppliedState, arn: unknown): string {
  const group = state.ofType("aws_lb_target_group").find(({ attributes }) => attributes["arn"] === arn);
  if (group === undefined) throw new Error(`the stack must create the target group ${arn}`);
  return String(group.attributes["name"]);
}
