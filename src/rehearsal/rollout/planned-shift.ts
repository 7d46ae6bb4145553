import type {
  AutoRollbackEvent,
  CreateDeploymentConfigInput,
  CreateDeploymentGroupInput,
  RevisionLocation,
  TrafficRoutingConfig,
  TrafficRoutingType,
} from "@aws-sdk/client-codedeploy";
import type { LifecycleEventName } from "../codedeploy/lifecycle";
import type { AppliedState } from "../terraform/applied-state";
import type { Arguments } from "../terraform/configuration";
import { type MetricAlarm, metricAlarmOf } from "./metric-alarm";
import type { PlayedNames } from "./played-metric";
import type { Subject } from "./subject";

/** What CodeDeploy is to do, and what it has for it: all as the stack's JSON says. */
export interface PlannedShift {
  readonly subject: Subject;
  /** The version that serves everybody before. */
  readonly from: string;
  /** The version that serves everybody afterwards. */
  readonly to: string;
  readonly group: CreateDeploymentGroupInput;
  /** @default - the group names one of AWS's own */
  readonly config?: CreateDeploymentConfigInput;
  /** Names of the functions that CodeDeploy asks. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>;
  /** Hooks that the stack does not make, which are not asked here. */
  readonly silentHooks: PlannedShift["hooks"];
  /** Those of the group's alarms that are evaluated here. */
  readonly alarms: readonly MetricAlarm[];
  /** The others, which are never red here, with the reason. */
  readonly silentAlarms: readonly { readonly name: string; readonly reason: string }[];
}

/** How users are shifted, in CodeDeploy's terms. */
export interface ShiftSettings extends Pick<PlannedShift, "group" | "config"> {
  /** Names of the alarms that stop it. */
  readonly alarms: readonly string[];
}

/** What of a plan is its compute platform's own. */
export interface Planned extends Pick<PlannedShift, "subject" | "from" | "to"> {
  /** The names of the metrics that are played, by namespace. */
  readonly metrics: PlayedNames;
  /** What the deployment group says beside. @default - nothing */
  readonly group?: (attributes: Arguments) => Partial<CreateDeploymentGroupInput>;
  /** What says how it shifts. @default - the stack's deployment group does */
  readonly settings?: ShiftSettings;
}

/** @throws where nothing says how it shifts: the stack has no deployment group, or more than one */
export function plannedShift(
  state: AppliedState,
  { metrics, group: ownOf, settings, ...planned }: Planned,
): PlannedShift {
  const { group, config, alarms: names } = settings ?? settingsIn(state, planned.subject, ownOf);
  const alarms = names.map((name) => ({ name, alarm: alarmOf(state, name, metrics) }));
  return {
    ...planned,
    group,
    config,
    ...hooksOf(state),
    alarms: alarms.flatMap(({ alarm }) => (typeof alarm === "string" ? [] : [alarm])),
    silentAlarms: alarms.flatMap(({ name, alarm }) =>
      typeof alarm === "string" ? [{ name, reason: alarm }] : [],
    ),
  };
}

/** What the one deployment group of a stack says. */
function settingsIn(state: AppliedState, subject: Subject, ownOf: Planned["group"]): ShiftSettings {
  const [group, ...others] = state.ofType("aws_codedeploy_deployment_group");
  if (group === undefined || others.length > 0) {
    throw new Error(
      `the rehearsal needs a stack with one deployment group, but this one has ${others.length + (group ? 1 : 0)}`,
    );
  }
  const { attributes } = group;
  const { enabled, alarms: listed = [] } = blockIn(attributes, "alarm_configuration") ?? {};
  return {
    group: { ...groupInput(attributes), ...ownOf?.(attributes) },
    config: configInput(state, attributes["deployment_config_name"], subject),
    alarms: enabled === true ? (listed as string[]) : [],
  };
}

/** What CodeDeploy is told to do. */
export function revisionOf({ subject, hooks }: PlannedShift): RevisionLocation {
  const content = JSON.stringify({
    version: 0.0,
    Resources: [subject.resource],
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

function configInput(
  state: AppliedState,
  name: unknown,
  { platform: computePlatform }: Subject,
): CreateDeploymentConfigInput | undefined {
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
  return { deploymentConfigName: String(name), computePlatform, trafficRoutingConfig };
}

const hookEvents: Readonly<Record<string, LifecycleEventName>> = {
  after_install: "AfterInstall",
  after_allow_test_traffic: "AfterAllowTestTraffic",
  before_traffic: "BeforeAllowTraffic",
  after_traffic: "AfterAllowTraffic",
};

/** The stack's output `hooks`. */
function hooksOf(state: AppliedState): Pick<PlannedShift, "hooks" | "silentHooks"> {
  const names = (state.outputs["hooks"] ?? {}) as Record<string, string>;
  const functions = state.ofType("aws_lambda_function").map(({ attributes }) => attributes["function_name"]);
  const isMade = (name: string) => !name.startsWith("arn:") || functions.includes(name.split(":").at(-1));
  const asked = Object.entries(hookEvents).flatMap(([moment, event]) => {
    const name = names[moment];
    return name ? [{ event, name }] : [];
  });
  const those = (made: boolean) =>
    Object.fromEntries(
      asked.filter(({ name }) => isMade(name) === made).map(({ event, name }) => [event, name]),
    );
  return { hooks: those(true), silentHooks: those(false) };
}

/** An alarm of a stack as it is evaluated here, or why it is not. */
export function alarmOf(
  state: AppliedState,
  name: string,
  metrics: Planned["metrics"],
): MetricAlarm | string {
  const alarm = state
    .ofType("aws_cloudwatch_metric_alarm")
    .find(({ attributes }) => attributes["alarm_name"] === name);
  return alarm === undefined ? "the stack does not create it" : metricAlarmOf(alarm.attributes, metrics);
}

export function blockIn(attributes: Arguments, name: string): Arguments | undefined {
  const [block] = [attributes[name] ?? []].flat() as Arguments[];
  return block;
}
