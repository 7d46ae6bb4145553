import { fileChecks } from "../../src/review/review";
import { containerImage, plainFingerprint } from "../support/shop";
import { type Beside, between } from "./between";

/** To leave a field out and to write its default is the same release: the review tells neither, nor finds anything. */

function told(...[base, head, beside]: Parameters<typeof between>) {
  const change = between(base, head, beside);
  return {
    steps: change.steps.map(({ kind, text, shownBy }) => `${kind}: ${text} (${shownBy})`),
    findings: fileChecks.flatMap((check) => check(change)).map(({ message }) => message),
  };
}

const nothing = { steps: [], findings: [] };
const since = "2026-11-21T09:30:00Z";
const byStage = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
const byAlias = { strategy: "weighted-alias", versions: [1, 2], stable: 1 };
const blueGreen = { strategy: "blue-green-stage", versions: [1, 2], stable: 1 };
const codeDeploy = { strategy: "codedeploy-alias", versions: [1, 2], stable: 1 };
const container = (fields: object = {}) => ({ container: { image: containerImage, ...fields } });
const ecs = { strategy: "ecs-blue-green", versions: { v1: container(), v2: container() }, stable: "v1" };
const rollbackOn = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
const judged = {
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
};
const stage = {
  throttling: { rateLimit: 10000, burstLimit: 5000 },
  accessLogs: true,
  executionLogs: "off",
  tracing: false,
  detailedMetrics: false,
  logRetentionDays: 14,
};
const settings = {
  architecture: "x86_64",
  memoryMb: 128,
  timeoutSeconds: 5,
  environment: {},
  layers: [],
  tracing: false,
  logRetentionDays: 14,
  permissions: [],
  managedPolicies: [],
  parameters: {},
  secrets: {},
};
const request = { path: "/" };

/** A name, a release that leaves a field out, and what writes its default. */
const rows: [string, object, object][] = [
  [
    "canary.percent",
    { ...byStage, canary: { version: "v2", since } },
    { canary: { version: "v2", percent: 10, since } },
  ],
  ["steps", { ...byStage, steps: [{ percent: 10 }] }, { steps: [{ percent: 10, bakeMinutes: 0 }] }],
  ["versions", byStage, { versions: { v1: {}, v2: {} } }],
  [
    "versions.fingerprint",
    byStage,
    { versions: { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: plainFingerprint } } },
  ],
  ["versions.settings", byStage, { versions: { v1: { settings: {}, functions: { shop: {} } }, v2: {} } }],
  ["settings", byStage, { settings }],
  ["settings.runtime and handler", byStage, { settings: { runtime: "nodejs22.x", handler: "shop.handler" } }],
  ["functions", byStage, { functions: ["shop"] }],
  ["functions in the other notation", byStage, { functions: { shop: {} } }],
  [
    "api",
    byStage,
    {
      api: {
        routes: [{ method: "GET", path: "/", function: "shop", authorization: "NONE", timeoutSeconds: 29 }],
        binaryMediaTypes: [],
      },
    },
  ],
  ["stage", byStage, { stage: { ...stage, name: "dev" } }],
  ["stage of blue/green", blueGreen, { stage: { ...stage, name: "green" } }],
  ["greenAlias", blueGreen, { greenAlias: false }],
  ["adopt", byStage, { adopt: { stage: false, functions: {} } }],
  [
    "requests",
    { ...byStage, requests: [request] },
    { requests: [{ ...request, method: "GET", count: 20, expect: { status: 200 } }] },
  ],
  [
    "alarms of versions",
    { ...byStage, alarms: {} },
    { alarms: { errors: { ...judged, on: ["version"] }, own: [] } },
  ],
  [
    "alarms of an alias",
    { ...byAlias, alarms: {} },
    { alarms: { errors: { ...judged, on: ["version", "alias"] } } },
  ],
  [
    "alarms of CodeDeploy",
    codeDeploy,
    { alarms: { errors: { ...judged, on: ["version", "alias"] }, own: [] } },
  ],
  ["alarms of target groups", ecs, { alarms: { errors: judged } }],
  ["rollout of an alias", codeDeploy, { rollout: { config: "LambdaCanary10Percent5Minutes", rollbackOn } }],
  [
    "rollout of tasks",
    ecs,
    { rollout: { config: "ECSCanary10Percent5Minutes", rollbackOn, terminationMinutes: 5 } },
  ],
  [
    "rollout.terminationMinutes",
    { ...ecs, rollout: { config: "ECSAllAtOnce" } },
    { rollout: { config: "ECSAllAtOnce", terminationMinutes: 5 } },
  ],
  ["hooks", codeDeploy, { hooks: { timeoutSeconds: 60 } }],
  [
    "container",
    ecs,
    {
      versions: {
        v1: container({ cpu: 256, memoryMb: 512, architecture: "x86_64", environment: {} }),
        v2: container(),
      },
    },
  ],
  [
    "ecs",
    ecs,
    {
      ecs: {
        port: 8080,
        count: 2,
        healthCheck: { path: "/", graceSeconds: 60 },
        listener: { port: 80, testPort: 8080, sources: ["0.0.0.0/0"] },
        logRetentionDays: 14,
      },
    },
  ],
];

describe.each(rows)("the default of %s", (_, base, written) => {
  const head = { ...base, ...written };

  test("is told neither where it is written down nor where it is left out again", () => {
    expect(told(base, head)).toEqual(nothing);
    expect(told(head, base)).toEqual(nothing);
  });

  test("is no other change beside a move of traffic", () => {
    const [stable, next] = "stable" in base && base.stable === 1 ? [1, 2] : ["v1", "v2"];
    const move = { stable: next, former: stable, canary: undefined };
    expect(told(base, { ...head, ...move })).toEqual(told(base, { ...base, ...move }));
  });
});

test.each<[string, object, object]>([
  [
    "state",
    { state: { s3: { bucket: "a-state" } } },
    { state: { s3: { bucket: "a-state", region: "eu-central-1" } } },
  ],
  ["quotas", {}, { quotas: { apiResources: 300, apiAuthorizers: 10 } }],
  ["throttling", {}, { throttling: { rateLimit: 10000, burstLimit: 5000 } }],
  [
    "github",
    { state: { s3: { bucket: "a-state" } }, github: { organization: "example", repository: "shop" } },
    {
      github: {
        organization: "example",
        repository: "shop",
        functions: { permissions: [], managedPolicies: [], roleArns: [] },
      },
    },
  ],
  ["tags and protect", {}, { tags: {}, protect: false, apiGatewayAccount: false }],
])("the default of an environment's %s is the same, written down or left out", (_, base, written) => {
  const files = (fields: object) => ({
    "releases/dev/environment.json": { region: "eu-central-1", ...fields },
  });
  const beside: Beside = { baseFiles: files(base), files: files({ ...base, ...written }) };
  expect(told(byStage, byStage, beside)).toEqual(nothing);
});

test("a default that is written down hides no other change of its field", () => {
  const alarms = (threshold: number) => ({ errors: { ...judged, threshold, on: ["version", "alias"] } });
  expect(told(codeDeploy, { ...codeDeploy, alarms: alarms(5) }).steps).toEqual(["alarms: alarms (alarms)"]);
  const rollout = { config: "LambdaCanary10Percent5Minutes", rollbackOn: ["DEPLOYMENT_FAILURE"] };
  expect(told(codeDeploy, { ...codeDeploy, rollout }).steps).toEqual([
    "rollout: how CodeDeploy shifts (rollout)",
  ]);
});
