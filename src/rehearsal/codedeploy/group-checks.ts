import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  AutoRollbackEvent,
  DeploymentStyle,
  TriggerConfig,
  TriggerEventType,
} from "@aws-sdk/client-codedeploy";
import { checkEach } from "./list-filters";
import { ApiError } from "./protocol";

const rollbackEvents: readonly AutoRollbackEvent[] = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
];

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html */
export function checkAlarms(configuration: AlarmConfiguration | undefined): void {
  if (!configuration) return;
  const names = (configuration.alarms ?? []).map((alarm) => alarm?.name ?? "");
  if (names.length > 10) {
    throw new ApiError(
      "AlarmsLimitExceededException",
      `there must be 10 alarms at most, got ${names.length}`,
    );
  }
  const invalid = (message: string) => new ApiError("InvalidAlarmConfigException", message);
  if (configuration.enabled && names.length === 0) {
    throw invalid("'alarms' must name an alarm where the alarm configuration is enabled");
  }
  for (const [index, name] of names.entries()) {
    if (name === "" || name.length > 255) {
      throw invalid(`an alarm's name must have 1 to 255 characters, got "${name}"`);
    }
    if (names.indexOf(name) !== index)
      throw invalid(`'alarms' must name each alarm once, got "${name}" twice`);
  }
}

export function checkAutoRollback(configuration: AutoRollbackConfiguration | undefined): void {
  if (!configuration) return;
  const invalid = (message: string) => new ApiError("InvalidAutoRollbackConfigException", message);
  const { enabled, events } = configuration;
  for (const event of events ?? []) {
    if (rollbackEvents.includes(event)) continue;
    throw invalid(`'events' must be of ${rollbackEvents.join(", ")}, got "${event}"`);
  }
  if (enabled && !events?.length) {
    throw invalid("'events' must name an event where automatic rollback is enabled");
  }
}

const triggerEvents: readonly TriggerEventType[] = [
  "DeploymentStart",
  "DeploymentSuccess",
  "DeploymentFailure",
  "DeploymentStop",
  "DeploymentRollback",
  "DeploymentReady",
  "InstanceStart",
  "InstanceSuccess",
  "InstanceFailure",
  "InstanceReady",
];

export function checkTriggers(triggers: readonly TriggerConfig[] = []): void {
  for (const { triggerEvents: events } of triggers)
    checkEach("triggerEvents", events, triggerEvents, "InvalidTriggerConfigException");
}

/** Neither Lambda nor ECS has another. */
export const onlyStyle: DeploymentStyle = {
  deploymentType: "BLUE_GREEN",
  deploymentOption: "WITH_TRAFFIC_CONTROL",
};

export function checkStyle(style: DeploymentStyle | undefined): DeploymentStyle {
  if (!style) return onlyStyle;
  const { deploymentType, deploymentOption } = style;
  if (deploymentType === onlyStyle.deploymentType && deploymentOption === onlyStyle.deploymentOption) {
    return onlyStyle;
  }
  throw new ApiError(
    "InvalidDeploymentStyleException",
    `'deploymentStyle' must be BLUE_GREEN and WITH_TRAFFIC_CONTROL, got ${deploymentType} and ${deploymentOption}`,
  );
}

export function checkRole(arn: string | undefined): void {
  if (!arn) throw new ApiError("RoleRequiredException", "'serviceRoleArn' must be given");
  if (/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(arn)) return;
  throw new ApiError("InvalidRoleException", `'serviceRoleArn' must be a role's ARN, got "${arn}"`);
}
