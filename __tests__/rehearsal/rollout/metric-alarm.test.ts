import { LambdaMetrics, playedMetrics } from "../../../src/rehearsal/rollout/lambda/lambda-metrics";
import {
  datapointsOf,
  failuresNeeded,
  type MetricAlarm,
  metricAlarmOf,
  told,
} from "../../../src/rehearsal/rollout/metric-alarm";
import { MetricAlarms } from "../../../src/rehearsal/rollout/metric-alarms";
import { Metrics } from "../../../src/rehearsal/rollout/metrics";

const FunctionName = "shop";
const errors = {
  alarm_name: "errors",
  namespace: "AWS/Lambda",
  metric_name: "Errors",
  statistic: "Sum",
  dimensions: { FunctionName, Resource: "shop:live", ExecutedVersion: "2" },
  comparison_operator: "GreaterThanOrEqualToThreshold",
  threshold: 2,
  period: 60,
  evaluation_periods: 1,
  treat_missing_data: "notBreaching",
};

function alarmOf(attributes: object = {}): MetricAlarm {
  return metricAlarmOf({ ...errors, ...attributes }, playedMetrics) as MetricAlarm;
}

const canary = { functionName: FunctionName, qualifier: "live", version: "2" };

/** Whether the alarm is red after each minute with so many failed invocations. */
function reds(attributes: object, failures: readonly number[], invoked = canary, lateMinutes = 0): boolean[] {
  const metrics = new Metrics();
  const lambda = new LambdaMetrics(metrics);
  let isRed = false;
  const alarms = new MetricAlarms({
    alarms: [alarmOf(attributes)],
    metrics,
    lateMinutes,
    onChange: (_, state) => {
      isRed = state === "ALARM";
    },
  });
  return failures.map((failed) => {
    lambda.record(invoked, false, 1, 10);
    lambda.record(invoked, true, 1, failed);
    alarms.evaluate();
    return isRed;
  });
}

const [yes, no] = [true, false];

test.each<[string, object, number[], boolean[]]>([
  ["a sum reaches the threshold", {}, [1, 2, 0], [no, yes, no]],
  ["a sum is above the threshold", { comparison_operator: "GreaterThanThreshold" }, [2, 3, 0], [no, yes, no]],
  [
    "2 of 3 periods",
    { evaluation_periods: 3, datapoints_to_alarm: 2 },
    [2, 0, 2, 0, 0],
    [no, no, yes, no, no],
  ],
  ["all periods where no number is given", { evaluation_periods: 3 }, [2, 2, 2, 0], [no, no, yes, no]],
  [
    "a period of several minutes begins anew each minute",
    { period: 180 },
    [1, 0, 1, 0, 0],
    [no, no, yes, no, no],
  ],
  ["an average is the share", { statistic: "Average", threshold: 0.1 }, [1, 2, 0], [no, yes, no]],
  ["few are too few", { comparison_operator: "LessThanThreshold", threshold: 1 }, [0, 1], [yes, no]],
])("%s", (_, attributes, failures, expected) => {
  expect(reds(attributes, failures)).toEqual(expected);
});

test("metrics that come late make it red later", () => {
  expect(reds({}, [2, 0, 0, 0], canary, 2)).toEqual([no, no, yes, no]);
});

test.each([
  ["the version of the dimensions", canary, yes],
  ["another version", { ...canary, version: "1" }, no],
  ["the version itself, without the alias", { ...canary, qualifier: "2" }, no],
])("an alarm on a version by its alias sees %s", (_, invoked, expected) => {
  expect(reds({}, [5], invoked)).toEqual([expected]);
});

test("an alarm on the alias sees all that it serves", () => {
  const dimensions = { FunctionName, Resource: "shop:live" };
  expect(reds({ dimensions }, [5], { ...canary, version: "1" })).toEqual([yes]);
});

test("a p95 is what 95 % of the invocations stay below", () => {
  const latency = {
    metric_name: "Duration",
    statistic: undefined,
    extended_statistic: "p95",
    threshold: 100,
  };
  const breaching = (slow: number) => {
    const metrics = new Metrics();
    const lambda = new LambdaMetrics(metrics);
    lambda.record(canary, false, 5, 100 - slow);
    lambda.record(canary, false, 100, slow);
    metrics.endMinute();
    return datapointsOf(alarmOf(latency), metrics).at(-1);
  };
  expect([breaching(5), breaching(6)]).toEqual(["withinThreshold", "breaching"]);
});

test.each([
  [{ namespace: "AWS/ApiGateway", metric_name: "5XXError" }, "AWS/ApiGateway 5XXError is not played"],
  [{ metric_name: "Throttles" }, "AWS/Lambda Throttles is not played"],
  [{ namespace: undefined, metric_name: undefined }, "it watches more than one metric"],
  [{ statistic: "IQM" }, "its statistic IQM is not known"],
  [{ period: 10 }, "its period of 10 s is no whole number of minutes"],
  [{ comparison_operator: "GreaterThanUpperThreshold" }, "GreaterThanUpperThreshold is not known"],
])("%j is never red here, and why is told", (attributes, reason) => {
  expect(metricAlarmOf({ ...errors, ...attributes }, playedMetrics)).toBe(reason);
});

test("it tells what it looks at, and how many failures it needs", () => {
  const alarm = alarmOf({ evaluation_periods: 3, datapoints_to_alarm: 2, period: 300 });
  expect(told(alarm)).toBe("Errors of version 2, Sum >= 2 in 2 of 3 periods of 300 s");
  expect(failuresNeeded(alarm)).toBe(4);
  expect(failuresNeeded(alarmOf({ comparison_operator: "GreaterThanThreshold" }))).toBe(3);
});

describe("metric math", () => {
  const metric = (metric_name: string) => ({
    metric: [
      { namespace: "AWS/Lambda", metric_name, stat: "Sum", period: 60, dimensions: errors.dimensions },
    ],
  });
  const rate = (expression: string) => ({
    metric_name: undefined,
    namespace: undefined,
    threshold: 5,
    metric_query: [
      { id: "answers", expression, return_data: true },
      { id: "failed", ...metric("Errors") },
      { id: "requests", ...metric("Invocations") },
    ],
  });
  const guarded = (least: number) => rate(`IF(requests >= ${least}, 100 * failed / requests, 0)`);

  test.each<[string, object, number[], boolean[]]>([
    ["a rate is of the invocations of its period", guarded(1), [0, 1, 0], [no, yes, no]],
    ["too few requests are no rate", guarded(12), [1, 2], [no, yes]],
    ["a count while a version is invoked", rate("IF(requests > 0, failed, 0)"), [4, 5], [no, yes]],
    ["both conditions", rate("IF(requests > 0 AND failed >= 3, 100, 0)"), [2, 3], [no, yes]],
    ["one of them", rate("IF(requests < 0 OR (failed - 1) * 2 == 4, 100, 0)"), [2, 3], [no, yes]],
    ["what is divided by 0 is missing", rate("100 / (failed - failed)"), [5], [no]],
  ])("%s", (_, attributes, failures, expected) => {
    expect(reds(attributes, failures)).toEqual(expected);
  });

  test("what is computed of missing data is missing", () => {
    const breaching = { ...guarded(1), treat_missing_data: "breaching" };
    expect(reds(breaching, [0], { ...canary, version: "1" })).toEqual([yes]);
  });

  test.each([
    [rate("FILL(failed, REPEAT)"), "its expression is not known: FILL(failed, REPEAT)"],
    [rate("failed +"), "its expression is not known: failed +"],
    [
      {
        ...rate("failed"),
        metric_query: [
          { id: "a", expression: "b" },
          { id: "c", expression: "d" },
        ],
      },
      "it has more than one expression",
    ],
  ])("%j is never red here, and why is told", (attributes, reason) => {
    expect(metricAlarmOf({ ...errors, ...attributes }, playedMetrics)).toBe(reason);
  });

  test("it tells the expression and its metrics, and how many failures a count needs", () => {
    const alarm = alarmOf(rate("IF(requests > 0, failed, 0)"));
    expect(told(alarm)).toBe(
      "IF(requests > 0, failed, 0) >= 5 in 1 period of 60 s: failed is Errors of version 2, requests is Invocations of version 2",
    );
    expect(failuresNeeded(alarm)).toBe(5);
    expect(failuresNeeded(alarmOf(guarded(1)))).toBeUndefined();
  });
});
