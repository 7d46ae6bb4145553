import { DeployedShop } from "./deployed-shop";
import { serviceRoleArn } from "./local-codedeploy";

const application = { applicationName: "shop" };
const group = { ...application, deploymentGroupName: "shop-dev" };
const update = { ...application, currentDeploymentGroupName: "shop-dev" };
const config = {
  deploymentConfigName: "mine",
  computePlatform: "Lambda",
  trafficRoutingConfig: { type: "AllAtOnce" },
};

let shop: DeployedShop;
let deploymentId = "";
beforeAll(async () => {
  shop = await DeployedShop.start();
  deploymentId = (await shop.deployed()).deploymentId as string;
});
afterAll(() => shop.close());

/** As a client without AWS's types sends it. */
async function perform(operation: string, input: unknown) {
  const headers = { "x-amz-target": `CodeDeploy_20141006.${operation}` };
  const response = await fetch(shop.url, { method: "POST", body: JSON.stringify(input), headers });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

test.each<[operation: string, input: object, code: string]>([
  ["ListDeployments", { includeOnlyStatuses: ["Done"] }, "InvalidDeploymentStatusException"],
  ["ListDeployments", { includeOnlyStatuses: ["Failed", "failed"] }, "InvalidDeploymentStatusException"],
  ["ListDeployments", { includeOnlyStatuses: "Failed" }, "SerializationException"],
  ["ListDeployments", { createTimeRange: { start: 2, end: 1 } }, "InvalidTimeRangeException"],
  ["ListDeployments", { createTimeRange: { start: "yesterday" } }, "SerializationException"],
  ["ListDeployments", { nextToken: "more" }, "InvalidNextTokenException"],
  ["ListDeployments", { ...application }, "DeploymentGroupNameRequiredException"],
  ["ListApplications", { nextToken: "more" }, "InvalidNextTokenException"],
  ["ListDeploymentConfigs", { nextToken: "more" }, "InvalidNextTokenException"],
  ["ListDeploymentGroups", { ...application, nextToken: "more" }, "InvalidNextTokenException"],
  ["ListDeploymentTargets", { targetFilters: { Nothing: ["x"] } }, "InvalidTargetFilterNameException"],
  ["ListDeploymentTargets", { targetFilters: { TargetStatus: ["Done"] } }, "InvalidInstanceStatusException"],
  [
    "ListDeploymentTargets",
    { targetFilters: { ServerInstanceLabel: ["Red"] } },
    "InvalidInstanceTypeException",
  ],
  ["ListDeploymentTargets", { nextToken: "more" }, "InvalidNextTokenException"],
  ["CreateDeployment", { ...group, fileExistsBehavior: "ASK" }, "InvalidFileExistsBehaviorException"],
  ["GetApplicationRevision", {}, "ApplicationNameRequiredException"],
  ["GetApplicationRevision", { applicationName: "nobody" }, "ApplicationDoesNotExistException"],
  ["GetApplicationRevision", { ...application }, "RevisionRequiredException"],
  ["UpdateDeploymentGroup", { ...update, outdatedInstancesStrategy: "WAIT" }, "InvalidInputException"],
  [
    "UpdateDeploymentGroup",
    { ...update, triggerConfigurations: [{ triggerEvents: ["DeploymentLost"] }] },
    "InvalidTriggerConfigException",
  ],
  [
    "UpdateDeploymentGroup",
    { ...update, autoRollbackConfiguration: { enabled: "yes" } },
    "SerializationException",
  ],
  ["UpdateDeploymentGroup", { ...update, alarmConfiguration: { alarms: [5] } }, "SerializationException"],
  ["CreateDeploymentConfig", { ...config, zonalConfig: {} }, "InvalidZonalDeploymentConfigurationException"],
])("%s refuses %j with %s", async (operation, input, code) => {
  const given = operation === "ListDeploymentTargets" ? { deploymentId, ...input } : input;
  expect(await perform(operation, given)).toMatchObject({ status: 400, body: { __type: code } });
});

test.each([
  [{ includeOnlyStatuses: ["Succeeded", "Baking"], createTimeRange: { start: 0 } }, true],
  [{ includeOnlyStatuses: null, createTimeRange: { start: null, end: null }, nextToken: null }, true],
  [{ includeOnlyStatuses: ["Ready"] }, false],
])("ListDeployments with %j finds the deployment: %s", async (input, isFound) => {
  const { body } = await perform("ListDeployments", input);
  expect(body.deployments).toEqual(isFound ? [deploymentId] : []);
});

test("no operation fails of itself, whatever a field holds", async () => {
  const inputs = {
    ...group,
    ...update,
    ...config,
    serviceRoleArn,
    deploymentId,
    newApplicationName: "shop",
    ResourceArn: "arn:aws:codedeploy:eu-central-1:123456789012:application:shop",
    revision: { revisionType: "AppSpecContent", appSpecContent: { content: "{}", sha256: "a" }, string: {} },
    deploymentIds: [deploymentId],
    targetIds: ["shop:live"],
    targetId: "shop:live",
    targetFilters: { TargetStatus: ["Succeeded"] },
    lifecycleEventHookExecutionId: "x",
    status: "Succeeded",
    tags: [{ Key: "a", Value: "b" }],
    Tags: [{ Key: "a", Value: "b" }],
    TagKeys: ["a"],
    alarmConfiguration: { enabled: true, alarms: [{ name: "a" }] },
    overrideAlarmConfiguration: {},
    autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    blueGreenDeploymentConfiguration: {},
    loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: [{ name: "a" }] }] },
    ecsServices: [{ serviceName: "a" }],
    deploymentStyle: {},
    triggerConfigurations: [{ triggerEvents: [] }],
    autoScalingGroups: [],
    minimumHealthyHosts: {},
    deploymentWaitType: "READY_WAIT",
    includeOnlyStatuses: [],
    createTimeRange: {},
  };
  const values = [5, [{ alarms: "a", events: 5, content: 5, targetGroups: 5 }]];
  const operations = [
    "CreateApplication",
    "CreateDeploymentConfig",
    "CreateDeploymentGroup",
    "UpdateDeploymentGroup",
    "CreateDeployment",
    "GetApplicationRevision",
    "BatchGetDeployments",
    "ListDeployments",
    "StopDeployment",
    "PutLifecycleEventHookExecutionStatus",
    "BatchGetDeploymentTargets",
    "ListDeploymentTargets",
    "TagResource",
    "UntagResource",
  ];
  const failed: unknown[] = [];
  for (const operation of operations) {
    const odd = Object.keys(inputs).flatMap((field) => values.map((value) => ({ field, value })));
    const answers = odd.map(async ({ field, value }) => {
      const { status, body } = await perform(operation, { ...inputs, [field]: value });
      if (status !== 200 && status !== 400) failed.push([operation, field, value, body]);
    });
    await Promise.all(answers);
  }
  expect(failed).toEqual([]);
}, 60_000);
