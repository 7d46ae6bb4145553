import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../release/alarms/access-metrics";

/** What asks CloudWatch for the sums of a metric. @param periodSeconds what each sum is of */
export function sumQuery(id: string, metric: Metric, periodSeconds: number): MetricDataQuery {
  return statisticQuery(id, metric, periodSeconds, "Sum");
}

/** What asks it for another statistic, such as `p95`. */
export function statisticQuery(
  id: string,
  { namespace, metricName, dimensions }: Metric,
  periodSeconds: number,
  statistic: string,
): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

/** The sum of all periods. */
export function totalOf({ Values = [] }: MetricDataResult): number {
  return Values.reduce((sum, one) => sum + one, 0);
}
