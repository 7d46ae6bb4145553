import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseMetricMath } from "../../src/rehearsal/rollout/metric-math";
import { readReleases } from "../../src/release/files/file";
import { projectFolder } from "../support/command";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, shop, synthesizeFiles } from "../support/project";
import { numbered, shopOfTwo } from "../support/several-functions";
import { containerShop } from "../support/shop";

type Json = Readonly<Record<string, unknown>>;

interface Resources {
  readonly aws_cloudwatch_metric_alarm?: Readonly<Record<string, Json>>;
  readonly aws_cloudwatch_log_metric_filter?: Readonly<Record<string, Json>>;
}

function shopOf(strategy: string, release: object): Files {
  const versions = strategy === "canary-stage" ? ["v1", "v2"] : [1, 2];
  const files = { "lambdas/shop/shop.ts": handler("1") };
  return shop({ strategy, versions, stable: versions[0], ...release }, files);
}

/** The alarms on answers and the metric filters of a shop, and the output that names the alarms. */
const measured = (strategy: string, release: object) => measuredIn(shopOf(strategy, release));

async function measuredIn(files: Files) {
  const outdir = await synthesizeFiles(files);
  const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
  // References are shortened to what they refer to.
  const short = text.replace(/\$\{aws_\w+?\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, "<$1 $2>");
  const { resource, output } = JSON.parse(short) as {
    resource: Resources;
    output: Record<string, { value: { all: string[] } }>;
  };
  const alarms = Object.values(resource.aws_cloudwatch_metric_alarm ?? {});
  const filters = Object.values(resource.aws_cloudwatch_log_metric_filter ?? {});
  return {
    alarms: new Map(alarms.map((alarm) => [String(alarm["alarm_name"]), alarm])),
    filters: new Map(filters.map((filter) => [String(filter["name"]), filter])),
    output: output["alarms"]?.value,
  };
}

const answers = (fields: object = {}) => ({ alarms: { errors: false, answers: fields } });
const accessMetric = (metric_name: string) => ({ namespace: "LambdaRelease/shop-dev", metric_name });

test.each(["canary-stage", "alias-canary-stage"])(
  "%s counts the answers of stable and the canary apart, each in its own log group",
  async (strategy) => {
    const { alarms, filters, output } = await measured(strategy, answers());
    const patterns = [...filters.values()].map(({ log_group_name, pattern }) => [log_group_name, pattern]);
    expect(patterns).toEqual([
      ["<canary-stage_logs_access-canary name>", '{ $.isCanaryRequest = "true" && $.status = "4*" }'],
      ["<canary-stage_logs_access-canary name>", '{ $.isCanaryRequest = "true" && $.status = "5*" }'],
      ["<canary-stage_logs_access-canary name>", '{ $.isCanaryRequest = "true" && $.responseLatency = * }'],
      ["<canary-stage_logs_access-canary name>", '{ $.isCanaryRequest = "true" }'],
      ["<canary-stage_logs_access name>", '{ $.isCanaryRequest != "true" && $.status = "4*" }'],
      ["<canary-stage_logs_access name>", '{ $.isCanaryRequest != "true" && $.status = "5*" }'],
      ["<canary-stage_logs_access name>", '{ $.isCanaryRequest != "true" && $.responseLatency = * }'],
      ["<canary-stage_logs_access name>", '{ $.isCanaryRequest != "true" }'],
    ]);
    expect(filters.get("shop-dev-canary-5xx")?.["metric_transformation"]).toEqual({
      namespace: "LambdaRelease/shop-dev",
      name: "Canary5xx",
      value: "1",
      unit: "Count",
      default_value: "0",
    });
    expect(filters.get("shop-dev-stable-latency")?.["metric_transformation"]).toEqual({
      namespace: "LambdaRelease/shop-dev",
      name: "StableLatency",
      value: "$.responseLatency",
      unit: "Milliseconds",
    });
    expect([...alarms]).toEqual([
      [
        "shop-dev-canary-answers",
        expect.objectContaining({
          ...accessMetric("Canary5xx"),
          statistic: "Sum",
          threshold: 1,
          period: 60,
          evaluation_periods: 1,
          datapoints_to_alarm: 1,
          comparison_operator: "GreaterThanOrEqualToThreshold",
          treat_missing_data: "notBreaching",
        }),
      ],
    ]);
    expect(output?.all).toEqual(["<canary-alarms_answers alarm_name>"]);
  },
);

/** The metric math of an alarm, by the ids of its metrics. */
function mathOf(alarm: Json | undefined): Record<string, unknown> {
  const queries = (alarm?.["metric_query"] ?? []) as { id: string; expression?: string; metric?: Json }[];
  return Object.fromEntries(
    queries.map(({ id, expression, metric }) => [
      id,
      expression ?? [metric?.["metric_name"], metric?.["stat"], metric?.["period"]],
    ]),
  );
}

test("a rate counts where there are enough requests", async () => {
  const { alarms } = await measured("canary-stage", answers({ percent: 5, periodSeconds: 300 }));
  const alarm = alarms.get("shop-dev-canary-answers");
  expect(alarm).toMatchObject({ threshold: 5, treat_missing_data: "notBreaching" });
  expect(mathOf(alarm)).toEqual({
    answers: "IF(requests >= 20, 100 * failed / requests, 0)",
    failed: ["Canary5xx", "Sum", 300],
    requests: ["CanaryRequests", "Sum", 300],
  });
});

test("a canary's rate is compared with stable's", async () => {
  const limit = { pointsAboveStable: 2, leastRequests: 50 };
  const { alarms } = await measured("alias-canary-stage", answers(limit));
  expect(mathOf(alarms.get("shop-dev-canary-answers"))).toEqual({
    answers: "IF(requests >= 50, 100 * failed / requests - 100 * stable_failed / stable_requests, 0)",
    failed: ["Canary5xx", "Sum", 60],
    requests: ["CanaryRequests", "Sum", 60],
    stable_failed: ["Stable5xx", "Sum", 60],
    stable_requests: ["StableRequests", "Sum", 60],
  });
});

test("a stage of its own needs no log: its answers are API Gateway's metrics", async () => {
  const { alarms, filters } = await measured("blue-green-stage", answers({ on: ["blue", "stage"] }));
  expect(filters.size).toBe(0);
  const dimensions = [...alarms].map(([name, alarm]) => [
    name,
    alarm["namespace"],
    alarm["metric_name"],
    alarm["dimensions"],
  ]);
  expect(dimensions).toEqual([
    ["shop-dev-blue-answers", "AWS/ApiGateway", "5XXError", { ApiName: "shop-dev", Stage: "blue" }],
    ["shop-dev-stage-answers", "AWS/ApiGateway", "5XXError", { ApiName: "shop-dev", Stage: "green" }],
  ]);
});

test.each(["weighted-alias", "codedeploy-alias"])(
  "%s counts the answers of the stage while the latest version is invoked",
  async (strategy) => {
    const { alarms, filters, output } = await measured(strategy, answers({ percent: 1, leastRequests: 10 }));
    expect(filters.size).toBe(0);
    const alarm = alarms.get("shop-dev-stage-answers");
    expect(mathOf(alarm)).toEqual({
      answers: "IF(trial > 0 AND requests >= 10, 100 * failed / requests, 0)",
      failed: ["5XXError", "Sum", 60],
      requests: ["Count", "Sum", 60],
      trial: ["Invocations", "Sum", 60],
    });
    const [trial] = ((alarm?.["metric_query"] ?? []) as { id: string; metric?: Json }[]).filter(
      ({ id }) => id === "trial",
    );
    expect(trial?.metric?.["dimensions"]).toEqual({
      FunctionName: "<function function_name>",
      Resource: "<function function_name>:live",
      ExecutedVersion: "<function version>",
    });
    expect(output?.all).toEqual(["<stage-alarms_answers alarm_name>"]);
  },
);

test("of several functions it counts while the latest version of any of them is invoked", async () => {
  const release = { versions: { "1": numbered(1, 1) }, ...answers({ percent: 1, leastRequests: 10 }) };
  const { alarms } = await measuredIn(shopOfTwo("weighted-alias", release, { api: 1, admin: 1 }));
  const alarm = alarms.get("shop-dev-stage-answers");
  const queries = (alarm?.["metric_query"] ?? []) as { id: string; expression?: string; metric?: Json }[];
  const invoked = queries.filter(({ id }) => id.startsWith("trial"));
  expect(invoked.map(({ metric }) => metric?.["dimensions"])).toEqual(
    ["api", "admin"].map((name) => ({
      FunctionName: `<service-functions_${name}-function function_name>`,
      Resource: `<service-functions_${name}-function function_name>:live`,
      ExecutedVersion: `<service-functions_${name}-function version>`,
    })),
  );
  // As a rehearsal evaluates it. A function that nobody calls has no data.
  const percent = parseMetricMath(
    queries.find(({ expression }) => expression !== undefined)?.expression ?? "",
  );
  const answered = { failed: 3, requests: 60 };
  const values = [{ trial_1: 4 }, { trial_2: 4 }, { trial_1: 4, trial_2: 4 }, { trial_1: 0 }, {}];
  const judged = values.map((trial) => {
    const known: Readonly<Record<string, number | undefined>> = { ...answered, ...trial };
    return percent?.((id) => known[id]);
  });
  expect(judged).toEqual([5, 5, 5, 0, 0]);
});

test("CodeDeploy stops a shift by it", async () => {
  const outdir = await synthesizeFiles(shopOf("codedeploy-alias", answers()));
  const { resource } = JSON.parse(readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8"));
  const [group] = Object.values<{ alarm_configuration: { alarms: string[] } }>(
    resource.aws_codedeploy_deployment_group,
  );
  expect(group?.alarm_configuration.alarms).toEqual([
    expect.stringContaining("aws_cloudwatch_metric_alarm.stage-alarms_answers"),
  ]);
});

test("the example of docs/codedeploy.md is as it says", async () => {
  const page = readFileSync(join(projectFolder, "docs/codedeploy.md"), "utf8");
  const [, fields = ""] = /<!-- answers -->\n```json\n(.*?)```/s.exec(page) ?? [];
  const { alarms, output } = await measured("canary-stage", JSON.parse(`{${fields}}`));
  expect(alarms.get("shop-dev-canary-answers")).toMatchObject({ threshold: 2, evaluation_periods: 2 });
  expect(mathOf(alarms.get("shop-dev-canary-answers"))["answers"]).toContain("requests >= 50");
  expect(output?.all).toEqual(["<canary-alarms_answers alarm_name>"]);
});

describe("in the file", () => {
  function problemsOf(strategy: string, fields: object, release: object = {}): string[] {
    const files =
      strategy === "ecs-blue-green"
        ? shop(containerShop({ stable: "v1", ...answers(fields), ...release }))
        : shopOf(strategy, { ...answers(fields), ...release });
    return readReleases(filesInMemory(files)).problems.map(
      ({ field, message }) => `${field.join(".")} ${message}`,
    );
  }

  test.each<[string, object]>([
    ["canary-stage", {}],
    ["canary-stage", { percent: 0.5, on: ["canary", "stage"] }],
    ["alias-canary-stage", { pointsAboveStable: 100, leastRequests: 1 }],
    ["blue-green-stage", { threshold: 10, on: ["stage"] }],
    ["weighted-alias", { percent: 100 }],
    ["codedeploy-alias", { on: ["stage"] }],
  ])("%s may have %j", (strategy, fields) => {
    expect(problemsOf(strategy, fields)).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      "canary-stage",
      { percent: 101 },
      "alarms.answers.percent must be a number between 0.01 and 100 percent",
    ],
    [
      "canary-stage",
      { threshold: 0 },
      "alarms.answers.threshold must be a whole number between 1 and 1000000000 answers",
    ],
    [
      "canary-stage",
      { threshold: 5, percent: 5 },
      "alarms.answers.percent must not be given beside 'threshold': an alarm has one limit",
    ],
    [
      "canary-stage",
      { percent: 5, pointsAboveStable: 5 },
      "alarms.answers.pointsAboveStable must not be given beside 'percent': an alarm has one limit",
    ],
    [
      "canary-stage",
      { leastRequests: 5 },
      "alarms.answers.leastRequests must be given with 'percent' or 'pointsAboveStable': a count needs no least number of requests",
    ],
    [
      "canary-stage",
      { evaluationPeriods: 2, datapointsToAlarm: 3 },
      "alarms.answers.datapointsToAlarm must be at most 'evaluationPeriods', 2",
    ],
    [
      "canary-stage",
      { on: ["blue"] },
      'alarms.answers.on must hold no other than "canary" and "stage" with canary-stage',
    ],
    [
      "canary-stage",
      { pointsAboveStable: 5, on: ["canary", "stage"] },
      "alarms.answers.pointsAboveStable must not be given with \"stage\" in 'on': only a canary's answers are compared with stable's",
    ],
    [
      "weighted-alias",
      { pointsAboveStable: 5 },
      "alarms.answers.pointsAboveStable must not be given with weighted-alias, whose stage has no canary; give 'threshold' or 'percent'",
    ],
    [
      "weighted-alias",
      { on: ["canary"] },
      'alarms.answers.on must hold no other than "stage" with weighted-alias',
    ],
    [
      "ecs-blue-green",
      {},
      "alarms.answers must not be given with ecs-blue-green: there 'alarms.errors' counts answers of 500 and above",
    ],
  ])("%s must not have %j", (strategy, fields, expected) => {
    expect(problemsOf(strategy, fields)).toEqual([expected]);
  });

  test("the canary's answers are counted in the access logs", () => {
    expect(problemsOf("canary-stage", {}, { stage: { accessLogs: false } })).toEqual([
      "stage.accessLogs must be true with 'alarms.answers': a canary's answers are counted in the access logs",
    ]);
    expect(problemsOf("canary-stage", { on: ["stage"] }, { stage: { accessLogs: false } })).toEqual([]);
    expect(problemsOf("weighted-alias", {}, { stage: { accessLogs: false } })).toEqual([]);
  });

  test("CodeDeploy watches no more than ten alarms, those on answers among them", () => {
    const own = Array.from({ length: 10 }, (_, index) => `pager-${index}`);
    const alarms = { errors: false, answers: {}, own };
    expect(problemsOf("codedeploy-alias", {}, { alarms })).toEqual([
      "alarms must be at most 10 in all: CodeDeploy watches no more",
    ]);
  });
});
