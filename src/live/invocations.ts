import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type Aws, clientOf } from "./clients";
import { sumQuery, totalOf } from "./metric-sums";
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
    MetricDataQueries: versions.map((version, index) => {
      const dimensions = {
        FunctionName: functionName,
        Resource: `${functionName}:${alias}`,
        ExecutedVersion: version,
      };
      const metric = { namespace: "AWS/Lambda", metricName: "Invocations", dimensions };
      return sumQuery(`version${index}`, metric, minuteMs / 1000);
    }),
  });
  try {
    await patience(async () => {
      aws.time.renew();
      const { MetricDataResults = [] } = await client.send(command);
      for (const result of MetricDataResults) {
        const version = versions[Number(result.Id?.slice("version".length))];
        if (version !== undefined) counts.set(version, totalOf(result));
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
