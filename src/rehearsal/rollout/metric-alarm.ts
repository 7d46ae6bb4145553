import type { Arguments } from "../terraform/configuration";
import { type Datapoint, evaluationRange, type Judgement } from "./alarm-state";
import { type MetricMath, parseMetricMath } from "./metric-math";
import type { Metrics } from "./metrics";
import {
  countsFailures,
  metricText,
  type PlayedMetric,
  type PlayedNames,
  playedMetricOf,
  valueIn,
} from "./played-metric";

/** An alarm on one metric, or on what metric math makes of several. */
export interface MetricAlarm extends Judgement {
  readonly name: string;
  /** By the names that they have in `math`. */
  readonly metrics: ReadonlyMap<string, PlayedMetric>;
  /** What is held against the threshold. @default - the one metric */
  readonly math?: { readonly text: string; readonly of: MetricMath };
  readonly periodMinutes: number;
  readonly comparison: keyof typeof comparisons;
  readonly threshold: number;
}

const comparisons = {
  GreaterThanOrEqualToThreshold: {
    sign: ">=",
    holds: (value: number, threshold: number) => value >= threshold,
  },
  GreaterThanThreshold: { sign: ">", holds: (value: number, threshold: number) => value > threshold },
  LessThanThreshold: { sign: "<", holds: (value: number, threshold: number) => value < threshold },
  LessThanOrEqualToThreshold: { sign: "<=", holds: (value: number, threshold: number) => value <= threshold },
};

type Watched = Pick<MetricAlarm, "metrics" | "math"> & { readonly period: number };

/**
 * An alarm as a stack makes it.
 *
 * @param attributes those of an aws_cloudwatch_metric_alarm
 * @param played the names of the metrics that are played, by namespace
 * @returns or why it is never red here
 */
export function metricAlarmOf(attributes: Arguments, played: PlayedNames): MetricAlarm | string {
  const watched = watchedBy(attributes, played);
  if (typeof watched === "string") return watched;
  const { period, ...what } = watched;
  const comparison = textOf(attributes, "comparison_operator");
  if (!isComparison(comparison)) return `${comparison} is not known`;
  if (!(period >= 60) || period % 60 !== 0) return `its period of ${period} s is no whole number of minutes`;
  const evaluationPeriods = Number(attributes["evaluation_periods"]);
  return {
    name: textOf(attributes, "alarm_name"),
    ...what,
    periodMinutes: period / 60,
    comparison,
    threshold: Number(attributes["threshold"]),
    evaluationPeriods,
    datapointsToAlarm: Number(attributes["datapoints_to_alarm"] ?? evaluationPeriods),
    treatMissingData: (attributes["treat_missing_data"] ?? "missing") as Judgement["treatMissingData"],
  };
}

function watchedBy(attributes: Arguments, played: PlayedNames): Watched | string {
  const queries = [attributes["metric_query"] ?? []].flat() as Arguments[];
  if (queries.length > 0) return watchedByMath(queries, played);
  const metricName = textOf(attributes, "metric_name");
  if (metricName === "") return "it watches more than one metric";
  const statistic = textOf(attributes, "statistic") || textOf(attributes, "extended_statistic");
  const metric = metricOf(attributes, metricName, statistic, played);
  if (typeof metric === "string") return metric;
  return { metrics: new Map([["metric", metric]]), period: Number(attributes["period"]) };
}

/** One expression, over metrics of one period. */
function watchedByMath(queries: readonly Arguments[], played: PlayedNames): Watched | string {
  const [expression, ...others] = queries.filter((one) => textOf(one, "expression") !== "");
  if (expression === undefined || others.length > 0) return "it has more than one expression";
  const text = textOf(expression, "expression");
  const of = parseMetricMath(text);
  if (of === undefined) return `its expression is not known: ${text}`;
  const metrics = new Map<string, PlayedMetric>();
  const periods = new Set<number>();
  for (const query of queries.filter((one) => one !== expression)) {
    const [metric = {}] = [query["metric"] ?? {}].flat() as Arguments[];
    const found = metricOf(metric, textOf(metric, "metric_name"), textOf(metric, "stat"), played);
    if (typeof found === "string") return found;
    metrics.set(textOf(query, "id"), found);
    periods.add(Number(metric["period"]));
  }
  const [period = 0, ...otherPeriods] = periods;
  if (otherPeriods.length > 0) return "its metrics have different periods";
  return { metrics, math: { text, of }, period };
}

function metricOf(attributes: Arguments, name: string, statistic: string, played: PlayedNames) {
  const dimensions = (attributes["dimensions"] ?? {}) as Record<string, string>;
  return playedMetricOf(textOf(attributes, "namespace"), name, dimensions, statistic, played);
}

function textOf(attributes: Arguments, name: string): string {
  return String(attributes[name] ?? "");
}

/**
 * The datapoints that CloudWatch looks at, the newest last. Each period ends as many whole periods before now, so that
 * every minute looks at others:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 *
 * @param lateMinutes how much later than they were the values come. @default 0
 */
export function datapointsOf(alarm: MetricAlarm, metrics: Metrics, lateMinutes = 0): Datapoint[] {
  const { periodMinutes, comparison, threshold } = alarm;
  return Array.from({ length: evaluationRange(alarm) }, (_, index): Datapoint => {
    const value = judgedValue(alarm, metrics, index * periodMinutes + lateMinutes);
    if (value === undefined) return "missing";
    return comparisons[comparison].holds(value, threshold) ? "breaching" : "withinThreshold";
  }).reverse();
}

function judgedValue({ metrics: watched, math, periodMinutes }: MetricAlarm, metrics: Metrics, ago: number) {
  const of = math?.of ?? ((read: (id: string) => number | undefined) => read("metric"));
  return of((id) => {
    const metric = watched.get(id);
    return metric && valueIn(metric, metrics, periodMinutes, ago);
  });
}

/** `Errors of version 2, Sum >= 5 in 2 of 3 periods of 60 s` */
export function told(alarm: MetricAlarm): string {
  const { metrics, math, comparison, threshold, datapointsToAlarm, evaluationPeriods } = alarm;
  const periods =
    evaluationPeriods === 1 ? "1 period" : `${datapointsToAlarm} of ${evaluationPeriods} periods`;
  const limit = `${comparisons[comparison].sign} ${threshold} in ${periods} of ${alarm.periodMinutes * 60} s`;
  if (math === undefined) {
    return [...metrics.values()].map((one) => `${metricText(one)}, ${one.statistic} ${limit}`).join();
  }
  const names = [...metrics].map(([id, one]) => `${id} is ${metricText(one)}`);
  return `${math.text} ${limit}: ${names.join(", ")}`;
}

/** How many failures it takes to make it red. @returns nothing where it does not count failures */
export function failuresNeeded(alarm: MetricAlarm): number | undefined {
  const { metrics, math, comparison, threshold, datapointsToAlarm } = alarm;
  // One that counts only while a version is invoked gives the count itself.
  const id = math === undefined ? "metric" : /^IF\(.*, (\w+), 0\)$/.exec(math.text)?.[1];
  const counted = id === undefined ? undefined : metrics.get(id);
  if (counted === undefined || !countsFailures(counted)) return undefined;
  if (comparison === "GreaterThanOrEqualToThreshold") return Math.ceil(threshold) * datapointsToAlarm;
  return comparison === "GreaterThanThreshold" ? (Math.floor(threshold) + 1) * datapointsToAlarm : undefined;
}

function isComparison(name: string): name is keyof typeof comparisons {
  return name in comparisons;
}
