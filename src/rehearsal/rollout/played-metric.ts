import { isStatistic, type Metrics, seriesOf, statistic } from "./metrics";

/** A statistic of a metric that is played. */
export interface PlayedMetric {
  /** As `seriesOf` names it. */
  readonly series: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** The names of the metrics that are played, by namespace. */
export type PlayedNames = Readonly<Record<string, readonly string[]>>;

/** @returns or why it has no values here */
export function playedMetricOf(
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
  statisticName: string,
  played: PlayedNames,
): PlayedMetric | string {
  if (played[namespace]?.includes(metricName) !== true) return `${namespace} ${metricName} is not played`;
  if (!isStatistic(statisticName)) return `its statistic ${statisticName} is not known`;
  return {
    series: seriesOf(namespace, metricName, dimensions),
    metricName,
    dimensions,
    statistic: statisticName,
  };
}

/** Its value in that many minutes. @param ago minutes between then and now */
export function valueIn(
  { series, statistic: name }: PlayedMetric,
  metrics: Metrics,
  minutes: number,
  ago: number,
): number | undefined {
  return statistic(name, metrics.window(series, minutes, ago));
}

/** `Errors of version 2` */
export function metricText({ metricName, dimensions }: PlayedMetric): string {
  return Object.keys(dimensions).length === 0 ? metricName : `${metricName} of ${lookedAt(dimensions)}`;
}

/** A version, an alias, a target group, a stage, or whatever else the dimensions name. */
function lookedAt(dimensions: Readonly<Record<string, string>>): string {
  const { ExecutedVersion, Resource, TargetGroup, ApiName, Stage } = dimensions;
  if (ExecutedVersion !== undefined) return `version ${ExecutedVersion}`;
  if (TargetGroup !== undefined) return TargetGroup.split("/")[1] ?? TargetGroup;
  if (ApiName !== undefined && Stage !== undefined) return `${ApiName}'s stage ${Stage}`;
  return Resource ?? Object.values(dimensions).join(" ");
}

/** Metrics that count nothing but failures. */
const failures = ["Errors", "HTTPCode_Target_5XX_Count", "5XXError"];

/** Whether it counts failures. */
export function countsFailures({ metricName, statistic }: PlayedMetric): boolean {
  return failures.includes(metricName) && statistic === "Sum";
}
