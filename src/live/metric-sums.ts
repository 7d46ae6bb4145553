import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../release/access-metrics";

/** What asks CloudWatch for the sums of a metric. @param periodSeconds what each sum is of */
export function sumQuery(
  id: string,
  { namespace, metricName, dimensions }: Metric,
  periodSeconds: number,
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
      Stat: "Sum",
    },
  };
}

/** The sum of all periods. */
export function totalOf({ Values = [] }: MetricDataResult): number {
  return Values.reduce((sum, one) => sum + one, 0);
}
