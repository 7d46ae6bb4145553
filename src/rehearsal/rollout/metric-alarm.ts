import type { Arguments } from "../terraform/configuration";
import { type Datapoint, evaluationRange, type Judgement } from "./alarm-state";
import { isStatistic, type Metrics, seriesOf, statistic } from "./metrics";

/** An alarm on one metric. */
export interface MetricAlarm extends Judgement {
  readonly name: string;
  /** As `seriesOf` names it. */
  readonly series: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
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

/**
 * An alarm as a stack makes it.
 *
 * @param attributes those of an aws_cloudwatch_metric_alarm
 * @param metrics the names of the metrics that are played, by namespace
 * @returns or why it is never red here
 */
export function metricAlarmOf(
  attributes: Arguments,
  metrics: Readonly<Record<string, readonly string[]>>,
): MetricAlarm | string {
  const text = (name: string) => String(attributes[name] ?? "");
  const namespace = text("namespace");
  const metricName = text("metric_name");
  if (metrics[namespace]?.includes(metricName) !== true) {
    return metricName === "" ? "it watches more than one metric" : `${namespace} ${metricName} is not played`;
  }
  const statisticName = text("statistic") || text("extended_statistic");
  if (!isStatistic(statisticName)) return `its statistic ${statisticName} is not known`;
  const comparison = text("comparison_operator");
  if (!isComparison(comparison)) return `${comparison} is not known`;
  const period = Number(attributes["period"]);
  if (!(period >= 60) || period % 60 !== 0) return `its period of ${period} s is no whole number of minutes`;
  const dimensions = (attributes["dimensions"] ?? {}) as Record<string, string>;
  const evaluationPeriods = Number(attributes["evaluation_periods"]);
  return {
    name: text("alarm_name"),
    series: seriesOf(namespace, metricName, dimensions),
    metricName,
    dimensions,
    statistic: statisticName,
    periodMinutes: period / 60,
    comparison,
    threshold: Number(attributes["threshold"]),
    evaluationPeriods,
    datapointsToAlarm: Number(attributes["datapoints_to_alarm"] ?? evaluationPeriods),
    treatMissingData: (attributes["treat_missing_data"] ?? "missing") as Judgement["treatMissingData"],
  };
}

/**
 * The datapoints that CloudWatch looks at, the newest last. Each period ends as many whole periods before now, so that
 * every minute looks at others:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 *
 * @param lateMinutes how much later than they were the values come. @default 0
 */
export function datapointsOf(alarm: MetricAlarm, metrics: Metrics, lateMinutes = 0): Datapoint[] {
  const { series, periodMinutes, comparison, threshold } = alarm;
  return Array.from({ length: evaluationRange(alarm) }, (_, index): Datapoint => {
    const value = statistic(
      alarm.statistic,
      metrics.window(series, periodMinutes, index * periodMinutes + lateMinutes),
    );
    if (value === undefined) return "missing";
    return comparisons[comparison].holds(value, threshold) ? "breaching" : "withinThreshold";
  }).reverse();
}

/** `Errors of version 2, Sum >= 5 in 2 of 3 periods of 60 s` */
export function told(alarm: MetricAlarm): string {
  const { metricName, statistic, comparison, threshold, datapointsToAlarm, evaluationPeriods } = alarm;
  const periods =
    evaluationPeriods === 1 ? "1 period" : `${datapointsToAlarm} of ${evaluationPeriods} periods`;
  const seconds = alarm.periodMinutes * 60;
  const limit = `${statistic} ${comparisons[comparison].sign} ${threshold}`;
  return `${metricName} of ${lookedAt(alarm)}, ${limit} in ${periods} of ${seconds} s`;
}

/** A version, an alias, a target group, or whatever else the dimensions name. */
function lookedAt({ dimensions }: MetricAlarm): string {
  const { ExecutedVersion, Resource, TargetGroup } = dimensions;
  if (ExecutedVersion !== undefined) return `version ${ExecutedVersion}`;
  if (TargetGroup !== undefined) return TargetGroup.split("/")[1] ?? TargetGroup;
  return Resource ?? Object.values(dimensions).join(" ");
}

/** Metrics that count nothing else. */
const failures = ["Errors", "HTTPCode_Target_5XX_Count"];

/** How many failures it takes to make it red. @returns nothing where it does not count failures */
export function failuresNeeded(alarm: MetricAlarm): number | undefined {
  if (!failures.includes(alarm.metricName) || alarm.statistic !== "Sum") return undefined;
  const { comparison, threshold, datapointsToAlarm } = alarm;
  if (comparison === "GreaterThanOrEqualToThreshold") return Math.ceil(threshold) * datapointsToAlarm;
  return comparison === "GreaterThanThreshold" ? (Math.floor(threshold) + 1) * datapointsToAlarm : undefined;
}

function isComparison(name: string): name is keyof typeof comparisons {
  return name in comparisons;
}
