import { readFileSync } from "node:fs";
import { join } from "node:path";
import { alarmNamesOf } from "../../src/release/alarms/alarm-names";
import { readReleases } from "../../src/release/files/file";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, shop, synthesizeFiles } from "../support/project";
import { fingerprintOf } from "../support/shop";

interface Alarm {
  readonly alarm_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A shop with two versions. */
function shopOf(strategy: string, release: object): Files {
  const versions = strategy === "canary-stage" ? ["v1", "v2"] : [1, 2];
  const files = { "lambdas/shop/shop.ts": handler("1") };
  return shop({ strategy, versions, stable: versions[0], ...release }, files);
}

/** The alarms of a shop by their names, and the output that names them. */
async function alarmsOf(strategy: string, release: object) {
  const outdir = await synthesizeFiles(shopOf(strategy, release));
  const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
  // References are shortened to the name or version that they refer to.
  const { resource, output } = JSON.parse(
    text
      .replace(/\$\{aws_lambda_function\.(\w+?)_(shop-)?function_\w+\.(\w+)\}/g, "<$1 $3>")
      .replace(/\$\{aws_lambda_function\.function_\w+\.(\w+)\}/g, "<$1>"),
  );
  const alarms = Object.values<Alarm>(resource.aws_cloudwatch_metric_alarm ?? {});
  return { alarms: new Map(alarms.map((alarm) => [alarm.alarm_name, alarm])), output: output.alarms?.value };
}

const dimensions = (alarms: ReadonlyMap<string, Alarm>) =>
  Object.fromEntries([...alarms].map(([name, alarm]) => [name, alarm.dimensions]));

const live = { FunctionName: "<function_name>", Resource: "<function_name>:live" };

test.each(["canary-stage", "alias-canary-stage", "weighted-alias", "blue-green-stage"])(
  "%s makes no alarm unless it is asked to",
  async (strategy) => {
    expect(await alarmsOf(strategy, {})).toEqual({ alarms: new Map(), output: undefined });
  },
);

test.each<[string, object, Record<string, object>]>([
  [
    "codedeploy-alias",
    {},
    {
      "shop-dev-version-errors": { ...live, ExecutedVersion: "<version>" },
      "shop-dev-alias-errors": live,
    },
  ],
  [
    "weighted-alias",
    { alarms: {} },
    {
      "shop-dev-version-errors": { ...live, ExecutedVersion: "<version>" },
      "shop-dev-alias-errors": live,
    },
  ],
  [
    "blue-green-stage",
    { alarms: {} },
    {
      "shop-dev-v1-errors": { ...live, Resource: "<function_name>:v1" },
      "shop-dev-v2-errors": { ...live, Resource: "<function_name>:v2" },
    },
  ],
  [
    "alias-canary-stage",
    { alarms: {} },
    {
      "shop-dev-v1-errors": { ...live, Resource: "<function_name>:v1" },
      "shop-dev-v2-errors": { ...live, Resource: "<function_name>:v2" },
    },
  ],
  [
    "canary-stage",
    { alarms: {} },
    {
      "shop-dev-v1-errors": { FunctionName: "<version_v1 function_name>" },
      "shop-dev-v2-errors": { FunctionName: "<version_v2 function_name>" },
    },
  ],
])("%s %j looks at what serves", async (strategy, release, expected) => {
  const { alarms } = await alarmsOf(strategy, release);
  expect(dimensions(alarms)).toEqual(expected);
});

test("the numbers of the file are the alarm's", async () => {
  const judged = {
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: "breaching",
  };
  const { alarms } = await alarmsOf("weighted-alias", {
    alarms: {
      errors: { threshold: 5, on: ["alias"] },
      latency: { p95Ms: 800, on: ["version"], ...judged },
    },
  });
  expect([...alarms.keys()].sort()).toEqual(["shop-dev-alias-errors", "shop-dev-version-latency"]);
  expect(alarms.get("shop-dev-alias-errors")).toMatchObject({
    namespace: "AWS/Lambda",
    metric_name: "Errors",
    statistic: "Sum",
    comparison_operator: "GreaterThanOrEqualToThreshold",
    threshold: 5,
    period: 60,
    evaluation_periods: 1,
    datapoints_to_alarm: 1,
    treat_missing_data: "notBreaching",
  });
  expect(alarms.get("shop-dev-version-latency")).toMatchObject({
    metric_name: "Duration",
    extended_statistic: "p95",
    threshold: 800,
    period: 300,
    evaluation_periods: 3,
    datapoints_to_alarm: 2,
    treat_missing_data: "breaching",
  });
});

test("every period must breach unless the file says how many", async () => {
  const { alarms } = await alarmsOf("weighted-alias", {
    alarms: { errors: { evaluationPeriods: 3, on: ["alias"] } },
  });
  expect(alarms.get("shop-dev-alias-errors")).toMatchObject({
    evaluation_periods: 3,
    datapoints_to_alarm: 3,
  });
});

const api = {
  routes: [
    { path: "/", function: "shop" },
    { path: "/basket", function: "basket" },
  ],
};
const own = { fingerprint: fingerprintOf(api) };
const twoFunctions = { functions: ["shop", "basket"], api, versions: { v1: own, v2: own } };

describe.each([
  ["canary-stage", twoFunctions],
  ["alias-canary-stage", {}],
  ["weighted-alias", {}],
  ["blue-green-stage", {}],
  ["codedeploy-alias", {}],
])("the names that %s is asked for", (strategy, fields) => {
  const files = Object.fromEntries(
    ["v1", "v2"].map((version) => [`lambdas/shop/${version}/basket.ts`, handler(version)]),
  );

  test.each([
    {},
    { errors: false, latency: { p95Ms: 800, on: ["version"] } },
    { latency: { p95Ms: 800 }, own: ["shop-declined"] },
    { answers: {} },
    { answers: { percent: 5, on: ["stage"] } },
  ])("are those that its stack makes: %j", async (alarms) => {
    const all = { ...shopOf(strategy, { alarms, ...fields }), ...files };
    const { releases, problems } = readReleases(filesInMemory(all));
    const [release] = releases;
    if (release === undefined) throw new Error(JSON.stringify(problems));
    const outdir = await synthesizeFiles(all);
    const stack = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
    const made = Object.values<Alarm>(stack.resource.aws_cloudwatch_metric_alarm).map(
      (one) => one.alarm_name,
    );
    const names = release.versions.map(({ name }) => name);
    expect([...alarmNamesOf(release, names).made].sort()).toEqual(made.sort());
  });
});

test("the output names those that stop each shift, and those of one version", async () => {
  const alarms = { own: ["shop-declined"] };
  const named = (text: string) => expect.stringMatching(text);
  expect((await alarmsOf("weighted-alias", { alarms })).output).toEqual({
    all: [named("version-alarms_errors"), named("alias-alarms_errors"), "shop-declined"],
    by_version: {},
  });
  expect((await alarmsOf("canary-stage", { alarms })).output).toEqual({
    all: ["shop-declined"],
    by_version: { v1: [named("version_v1_shop-alarms")], v2: [named("version_v2_shop-alarms")] },
  });
});
