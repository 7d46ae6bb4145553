import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { VersionCounts } from "../release/alarms/version-counts";
import { CallTime } from "./call-time";
import { type Account, clientOf } from "./clients";
import { sumQuery, totalOf } from "./metric-sums";

/** How many times a version answered or ran, and how many of those failed. */
export interface Counted extends Pick<VersionCounts, "of"> {
  readonly all: number;
  readonly failed: number;
}

/** It is asked while people wait to hear of a stop. */
const limits = { requestMs: 3_000, callMs: 5_000, verbMs: 5_000 };

const dayMs = 86_400_000;

/**
 * What CloudWatch has counted of a version since a time. It counts whole minutes.
 *
 * @returns nothing where it has counted nothing yet, or not all of it can be read
 * @throws {AwsError} where it does not answer within 5 seconds
 */
export async function countedSince(
  { region, local }: Pick<Account, "region" | "local">,
  { of, all, failed }: VersionCounts,
  since: Date,
  now: Date,
): Promise<Counted | undefined> {
  const client = clientOf(CloudWatchClient, { region, local, time: new CallTime(limits) }, "cloudwatch");
  const period = periodSeconds(now.getTime() - since.getTime());
  const MetricDataQueries = [
    ...all.map((metric, index) => sumQuery(`all${index}`, metric, period)),
    ...failed.map((metric, index) => sumQuery(`failed${index}`, metric, period)),
  ];
  const results: MetricDataResult[] = [];
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetMetricDataCommand({ StartTime: since, EndTime: now, MetricDataQueries, NextToken }),
      );
      results.push(...(page.MetricDataResults ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } finally {
    client.destroy();
  }
  if (results.some(({ StatusCode }) => StatusCode === "InternalError" || StatusCode === "Forbidden"))
    return undefined;
  const sumOf = (kind: string) =>
    results.filter(({ Id }) => Id?.startsWith(kind)).reduce((sum, one) => sum + totalOf(one), 0);
  const counted = { of, all: sumOf("all"), failed: sumOf("failed") };
  return counted.all === 0 ? undefined : counted;
}

/**
 * The shortest period that CloudWatch still keeps.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
 */
function periodSeconds(ageMs: number): number {
  if (ageMs <= 15 * dayMs) return 60;
  return ageMs <= 63 * dayMs ? 300 : 3600;
}
