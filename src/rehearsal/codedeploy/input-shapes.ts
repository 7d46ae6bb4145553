/** What a field of CodeDeploy's inputs holds. Fields of the same name hold the same everywhere. */
type Kind = "list of texts" | "list of objects" | "object" | "map of lists" | "boolean" | "number" | "text";

const fieldsOfKind: Readonly<Record<Kind, readonly string[]>> = {
  "list of texts": [
    "autoScalingGroups",
    "deploymentIds",
    "events",
    "includeOnlyStatuses",
    "listenerArns",
    "TagKeys",
    "targetIds",
    "triggerEvents",
  ],
  "list of objects": [
    "alarms",
    "ecsServices",
    "elbInfoList",
    "tags",
    "Tags",
    "targetGroupInfoList",
    "targetGroupPairInfoList",
    "targetGroups",
    "triggerConfigurations",
  ],
  object: [
    "alarmConfiguration",
    "appSpecContent",
    "autoRollbackConfiguration",
    "blueGreenDeploymentConfiguration",
    "createTimeRange",
    "deploymentReadyOption",
    "deploymentStyle",
    "greenFleetProvisioningOption",
    "loadBalancerInfo",
    "minimumHealthyHosts",
    "overrideAlarmConfiguration",
    "prodTrafficRoute",
    "revision",
    "string",
    "terminateBlueInstancesOnDeploymentSuccess",
    "testTrafficRoute",
    "timeBasedCanary",
    "timeBasedLinear",
    "trafficRoutingConfig",
    "zonalConfig",
  ],
  "map of lists": ["targetFilters"],
  boolean: [
    "autoRollbackEnabled",
    "enabled",
    "ignoreApplicationStopFailures",
    "ignorePollAlarmFailure",
    "terminationHookEnabled",
    "updateOutdatedInstancesOnly",
  ],
  number: [
    "canaryInterval",
    "canaryPercentage",
    "end",
    "linearInterval",
    "linearPercentage",
    "start",
    "terminationWaitTimeInMinutes",
    "waitTimeInMinutes",
  ],
  text: [
    "clusterName",
    "content",
    "deploymentId",
    "description",
    "Key",
    "lifecycleEventHookExecutionId",
    "name",
    "nextToken",
    "ResourceArn",
    "serviceName",
    "serviceRoleArn",
    "sha256",
    "targetId",
    "triggerName",
    "triggerTargetArn",
    "Value",
  ],
};

const kinds = new Map(
  Object.entries(fieldsOfKind).flatMap(([kind, fields]) => fields.map((field) => [field, kind as Kind])),
);

/**
 * Finds a field whose JSON is of another kind than AWS's service model has for it. Fields that it does not know and
 * nulls are ignored, as they are by AWS.
 *
 * @returns what is wrong with it. @default - nothing
 */
export function misshapen(input: object): string | undefined {
  for (const [field, value] of Object.entries(input)) {
    const kind = kinds.get(field);
    if (kind === undefined || value === null) continue;
    if (!isOf(kind, value)) return `'${field}' must be a ${kind}, got ${JSON.stringify(value)}`;
    const inner =
      kind === "list of objects" ? (value as object[]) : kind === "object" ? [value as object] : [];
    const [problem] = inner.flatMap((one) => misshapen(one) ?? []);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "list of texts":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "list of objects":
      return Array.isArray(value) && value.every(isObject);
    case "object":
      return isObject(value);
    case "map of lists":
      return isObject(value) && Object.values(value).every((one) => isOf("list of texts", one));
    case "text":
      return typeof value === "string";
    default:
      return typeof value === kind;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
