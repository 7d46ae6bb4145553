import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type Aws, clientOf } from "./clients";
import type { Patience } from "./who-answered";

/** CloudWatch counts whole minutes. */
const minuteMs = 60_000;

/** What of an alias is counted. */
interface Counted {
  readonly functionName: string;
  readonly alias: string;
  readonly versions: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

/**
 * Waits for CloudWatch to count the invocations of an alias, by anybody, in the minutes of some requests.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 *
 * @param least how many invocations there must be
 * @returns by version
 */
export async function invocationsOf(
  aws: Aws,
  { functionName, alias, versions, from, to }: Counted,
  least: number,
  patience: Patience,
): Promise<ReadonlyMap<string, number>> {
  const client = clientOf(CloudWatchClient, aws, "cloudwatch");
  const counts = new Map<string, number>();
  const command = new GetMetricDataCommand({
    StartTime: new Date(Math.floor(from.getTime() / minuteMs) * minuteMs),
    EndTime: new Date(Math.floor(to.getTime() / minuteMs + 1) * minuteMs),
    MetricDataQueries: versions.map((version, index) => ({
      Id: `version${index}`,
      MetricStat: {
        Metric: {
          Namespace: "AWS/Lambda",
          MetricName: "Invocations",
          Dimensions: [
            { Name: "FunctionName", Value: functionName },
            { Name: "Resource", Value: `${functionName}:${alias}` },
            { Name: "ExecutedVersion", Value: version },
          ],
        },
        Period: minuteMs / 1000,
        Stat: "Sum",
      },
    })),
  });
  try {
    await patience(async () => {
      aws.time.renew();
      const { MetricDataResults = [] } = await client.send(command);
      for (const { Id, Values = [] } of MetricDataResults) {
        const version = versions[Number(Id?.slice("version".length))];
        if (version !== undefined)
          counts.set(
            version,
            Values.reduce((sum, one) => sum + one, 0),
          );
      }
      return sumOf(counts) >= least;
    });
  } finally {
    client.destroy();
  }
  return counts;
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}
