import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../release/access-metrics";
import type { ComparedMetrics } from "../release/compared-metrics";
import type { VerdictMetric } from "../release/verdict";
import {
  type LatencyPercentile,
  latencyPercentiles,
  leastOfPercentile,
  type Minute,
} from "../verdict/verdict";
import { AwsError } from "./aws-error";
import { type Account, clientOf } from "./clients";
import { statisticQuery } from "./metric-sums";
import { pages } from "./pages";

const minuteMs = 60_000;

/**
 * The last minutes that are left out: CloudWatch may still count them. A line of an access log comes to it later than
 * the request.
 */
export const lateMinutes = 3;

/** As long as CloudWatch keeps minutes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html */
export const mostMinutes = 15 * 24 * 60;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const mostQueries = 500;

type Role = "stable" | "canary";
const roles: readonly Role[] = ["stable", "canary"];

/** What is compared, and since when. */
export interface Compared {
  readonly metrics: Readonly<Record<Role, ComparedMetrics>>;
  readonly own: readonly VerdictMetric[];
  readonly since: Date;
}

/** The minutes that are compared, from the first whole one to the last that CloudWatch has counted. */
export interface ComparedMinutes {
  readonly minutes: readonly Minute[];
  readonly from: Date;
  readonly to: Date;
}

/** A value for each minute that has one, by the minute's time. */
type Series = ReadonlyMap<number, number>;

/**
 * Reads the same minutes of stable and of the canary. A minute that CloudWatch has nothing of had no requests.
 *
 * @throws {AwsError} where CloudWatch does not give all of it
 */
export async function readMinutes(account: Account, compared: Compared, now: Date): Promise<ComparedMinutes> {
  const end = Math.floor(now.getTime() / minuteMs - lateMinutes) * minuteMs;
  const begin = Math.max(
    Math.ceil(compared.since.getTime() / minuteMs) * minuteMs,
    end - mostMinutes * minuteMs,
  );
  const span = { from: new Date(Math.min(begin, end)), to: new Date(end) };
  if (begin >= end) return { ...span, minutes: [] };
  const series = await readSeries(account, queriesOf(compared), span);
  const minutes: Minute[] = [];
  for (let at = begin; at < end; at += minuteMs) minutes.push(minuteOf(compared, series, at));
  return { ...span, minutes };
}

function queriesOf({ metrics, own }: Compared): MetricDataQuery[] {
  return roles.flatMap((role) => {
    const { all, failed, latency, own: ownMetrics } = metrics[role];
    const query = (kind: string, metric: Metric, statistic: string) =>
      statisticQuery(`${role}_${kind}`, metric, minuteMs / 1000, statistic);
    return [
      ...all.map((metric, index) => query(`all${index}`, metric, "Sum")),
      ...failed.map((metric, index) => query(`failed${index}`, metric, "Sum")),
      ...(latency ? latencyPercentiles.map((percentile) => query(percentile, latency, percentile)) : []),
      ...ownMetrics.flatMap((metric, index) => {
        const { statistic = "" } = own[index] ?? {};
        const value = query(`own${index}`, metric, statistic);
        return isPercentile(statistic) ? [value, query(`count${index}`, metric, "SampleCount")] : [value];
      }),
    ];
  });
}

async function readSeries(
  account: Account,
  queries: readonly MetricDataQuery[],
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ReadonlyMap<string, Series>> {
  const client = clientOf(CloudWatchClient, account, "cloudwatch");
  const series = new Map<string, Map<number, number>>();
  try {
    for (let first = 0; first < queries.length; first += mostQueries) {
      const MetricDataQueries = queries.slice(first, first + mostQueries);
      const ask = (NextToken?: string) =>
        client.send(new GetMetricDataCommand({ StartTime: from, EndTime: to, MetricDataQueries, NextToken }));
      for await (const { MetricDataResults = [] } of pages("cloudwatch:GetMetricData", all(ask), nextOf))
        for (const result of MetricDataResults) take(series, result);
    }
  } finally {
    client.destroy();
  }
  return series;
}

interface Page {
  readonly MetricDataResults?: MetricDataResult[];
  readonly NextToken?: string;
}

const nextOf = ({ NextToken }: Page) => NextToken;

async function* all(ask: (token?: string) => Promise<Page>): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await ask(token);
    yield page;
    token = page.NextToken;
  } while (token !== undefined);
}

function take(series: Map<string, Map<number, number>>, result: MetricDataResult): void {
  const { Id = "", StatusCode, Timestamps = [], Values = [] } = result;
  if (StatusCode === "InternalError" || StatusCode === "Forbidden")
    throw new AwsError(StatusCode, `CloudWatch does not give ${Id} (${StatusCode}): ask again later`);
  const values = series.get(Id) ?? new Map<number, number>();
  series.set(Id, values);
  for (const [index, at] of Timestamps.entries()) values.set(at.getTime(), Values[index] ?? 0);
}

function minuteOf({ metrics, own }: Compared, series: ReadonlyMap<string, Series>, at: number): Minute {
  const read = (role: Role, kind: string) => series.get(`${role}_${kind}`)?.get(at);
  const counts = (role: Role) => {
    const sum = (kind: string, of: readonly Metric[]) =>
      of.reduce((total, _, index) => total + (read(role, `${kind}${index}`) ?? 0), 0);
    const failed = sum("failed", metrics[role].failed);
    // A failure that is counted before its request.
    return { requests: Math.max(sum("all", metrics[role].all), failed), failed };
  };
  const [stable, canary] = [counts("stable"), counts("canary")];
  const isEnough = Math.min(stable.requests, canary.requests) >= leastOfPercentile;
  const percentile = (of: LatencyPercentile) =>
    isEnough ? { stable: read("stable", of), canary: read("canary", of) } : {};
  const ownValue = (role: Role, index: number) => {
    const isTooFew =
      isPercentile(own[index]?.statistic ?? "") && (read(role, `count${index}`) ?? 0) < leastOfPercentile;
    return isTooFew ? undefined : read(role, `own${index}`);
  };
  return {
    stable,
    canary,
    latency: { p50: percentile("p50"), p95: percentile("p95") },
    own: own.map((_, index) => ({ stable: ownValue("stable", index), canary: ownValue("canary", index) })),
  };
}

function isPercentile(statistic: string): boolean {
  return statistic.startsWith("p");
}
