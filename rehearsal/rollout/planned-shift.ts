import type {
  AutoRollbackEvent,
  CreateDeploymentConfigInput,
  CreateDeploymentGroupInput,
  RevisionLocation,
  TrafficRoutingConfig,
  TrafficRoutingType,
} from "@aws-sdk/client-codedeploy";
import type { AppliedState } from "../terraform/applied-state";
import type { Arguments } from "../terraform/configuration";
import { playedMetrics } from "./lambda-metrics";
import { type MetricAlarm, metricAlarmOf } from "./metric-alarm";

export type HookName = "BeforeAllowTraffic" | "AfterAllowTraffic";

/** What CodeDeploy is to do with an alias of a stack, and what it has for it: all as the stack's JSON says. */
export interface PlannedShift {
  readonly functionName: string;
  readonly alias: string;
  /** The version that serves everybody before. */
  readonly from: string;
  /** The version that serves everybody afterwards. */
  readonly to: string;
  readonly group: CreateDeploymentGroupInput;
  /** @default - the group names one of AWS's own */
  readonly config?: CreateDeploymentConfigInput;
  /** Names of the functions that CodeDeploy asks. */
  readonly hooks: Readonly<Partial<Record<HookName, string>>>;
  /** Those of the group's alarms that are evaluated here. */
  readonly alarms: readonly MetricAlarm[];
  /** The others, which are never red here, with the reason. */
  readonly silentAlarms: readonly { readonly name: string; readonly reason: string }[];
}

/** What moves, of all that a stack has. */
export type Moved = Pick<PlannedShift, "functionName" | "alias" | "from" | "to">;

/** @throws where the stack has no deployment group, or more than one */
export function plannedShift(state: AppliedState, moved: Moved): PlannedShift {
  const [group, ...others] = state.ofType("aws_codedeploy_deployment_group");
  if (group === undefined || others.length > 0) {
    throw new Error(
      `a stack with one deployment group is rehearsed, and this has ${others.length + (group ? 1 : 0)}`,
    );
  }
  const { attributes } = group;
  const { enabled, alarms: listed = [] } = blockIn(attributes, "alarm_configuration") ?? {};
  const names = enabled === true ? (listed as string[]) : [];
  const alarms = names.map((name) => ({ name, alarm: alarmOf(state, name) }));
  return {
    ...moved,
    group: groupInput(attributes),
    config: configInput(state, attributes["deployment_config_name"]),
    hooks: hooksOf(state),
    alarms: alarms.flatMap(({ alarm }) => (typeof alarm === "string" ? [] : [alarm])),
    silentAlarms: alarms.flatMap(({ name, alarm }) =>
      typeof alarm === "string" ? [{ name, reason: alarm }] : [],
    ),
  };
}

/** What CodeDeploy is told to do. */
export function revisionOf({ functionName, alias, from, to, hooks }: PlannedShift): RevisionLocation {
  const properties = { Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to };
  const content = JSON.stringify({
    version: 0.0,
    Resources: [{ [functionName]: { Type: "AWS::Lambda::Function", Properties: properties } }],
    Hooks: Object.entries(hooks).map(([name, hook]) => ({ [name]: hook })),
  });
  return { revisionType: "AppSpecContent", appSpecContent: { content } };
}

function groupInput(attributes: Arguments): CreateDeploymentGroupInput {
  const alarms = blockIn(attributes, "alarm_configuration");
  const rollback = blockIn(attributes, "auto_rollback_configuration");
  return {
    applicationName: String(attributes["app_name"]),
    deploymentGroupName: String(attributes["deployment_group_name"]),
    serviceRoleArn: String(attributes["service_role_arn"]),
    deploymentConfigName: attributes["deployment_config_name"] as string | undefined,
    alarmConfiguration: alarms && {
      enabled: alarms["enabled"] === true,
      ignorePollAlarmFailure: alarms["ignore_poll_alarm_failure"] === true,
      alarms: ((alarms["alarms"] ?? []) as string[]).map((name) => ({ name })),
    },
    autoRollbackConfiguration: rollback && {
      enabled: rollback["enabled"] === true,
      events: rollback["events"] as AutoRollbackEvent[] | undefined,
    },
  };
}

function configInput(state: AppliedState, name: unknown): CreateDeploymentConfigInput | undefined {
  const config = state
    .ofType("aws_codedeploy_deployment_config")
    .find(({ attributes }) => attributes["deployment_config_name"] === name);
  if (config === undefined) return undefined;
  const routing = blockIn(config.attributes, "traffic_routing_config") ?? {};
  const canary = blockIn(routing, "time_based_canary");
  const linear = blockIn(routing, "time_based_linear");
  const trafficRoutingConfig: TrafficRoutingConfig = {
    type: routing["type"] as TrafficRoutingType | undefined,
    timeBasedCanary: canary && {
      canaryPercentage: Number(canary["percentage"]),
      canaryInterval: Number(canary["interval"]),
    },
    timeBasedLinear: linear && {
      linearPercentage: Number(linear["percentage"]),
      linearInterval: Number(linear["interval"]),
    },
  };
  return { deploymentConfigName: String(name), computePlatform: "Lambda", trafficRoutingConfig };
}

/** The stack's output `hooks`. */
function hooksOf({ outputs }: AppliedState): PlannedShift["hooks"] {
  const { before_traffic, after_traffic } = (outputs["hooks"] ?? {}) as Record<string, string | undefined>;
  return {
    ...(before_traffic && { BeforeAllowTraffic: before_traffic }),
    ...(after_traffic && { AfterAllowTraffic: after_traffic }),
  };
}

function alarmOf(state: AppliedState, name: string): MetricAlarm | string {
  const alarm = state
    .ofType("aws_cloudwatch_metric_alarm")
    .find(({ attributes }) => attributes["alarm_name"] === name);
  return alarm === undefined ? "the stack does not make it" : metricAlarmOf(alarm.attributes, playedMetrics);
}

function blockIn(attributes: Arguments, name: string): Arguments | undefined {
  const [block] = [attributes[name] ?? []].flat() as Arguments[];
  return block;
}
