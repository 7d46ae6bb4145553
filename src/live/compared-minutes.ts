import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../release/alarms/access-metrics";
import type { ComparedMetrics } from "../release/alarms/compared-metrics";
import type { VerdictMetric } from "../release/alarms/verdict";
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

/** What is compared. */
export interface Counted {
  /** Without a canary, stable alone is counted. */
  readonly metrics: { readonly stable: ComparedMetrics; readonly canary?: ComparedMetrics };
  readonly own: readonly VerdictMetric[];
}

/** What is compared, and since when. */
export interface Compared extends Counted {
  readonly since: Date;
}

/** What one version did in a minute. */
export interface MinuteOfOne {
  readonly requests: number;
  readonly failed: number;
  /** In milliseconds, however few requests it is of. @default - CloudWatch has none */
  readonly p95?: number;
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
  const { begin, end } = comparedSpan(compared.since, now);
  const span = { from: new Date(Math.min(begin, end)), to: new Date(end) };
  if (begin >= end) return { ...span, minutes: [] };
  const counted = new CountedMinutes(compared);
  await counted.read(account, span);
  return { ...span, minutes: counted.minutes(begin, end) };
}

/** From the first whole minute since a time to the last that CloudWatch has counted, in milliseconds. */
export function comparedSpan(since: Date, now: Date): { readonly begin: number; readonly end: number } {
  const end = Math.floor(now.getTime() / minuteMs - lateMinutes) * minuteMs;
  const begin = Math.max(Math.ceil(since.getTime() / minuteMs) * minuteMs, end - mostMinutes * minuteMs);
  return { begin, end };
}

/** What CloudWatch has counted, minute by minute. What is read again takes the place of what was read before. */
export class CountedMinutes {
  private readonly series = new Map<string, Map<number, number>>();
  private readonly queries: readonly MetricDataQuery[];

  constructor(private readonly counted: Counted) {
    this.queries = queriesOf(counted);
  }

  /** How many metrics a call asks for, which AWS charges for. */
  get metrics(): number {
    return this.queries.length;
  }

  /** @throws {AwsError} where CloudWatch does not give all of it */
  async read(account: Account, span: { readonly from: Date; readonly to: Date }): Promise<void> {
    await readSeries(account, this.queries, span, this.series);
  }

  /** As they are compared, of a time in milliseconds. */
  minutes(begin: number, end: number): Minute[] {
    const minutes: Minute[] = [];
    for (let at = begin; at < end; at += minuteMs) minutes.push(minuteOf(this.counted, this.series, at));
    return minutes;
  }

  /** What one of the two did in the minute that begins then. */
  ofOne(role: Role, at: number): MinuteOfOne {
    const p95 = latencyOf(this.counted, this.series, role, "p95", at);
    return { ...countsOf(this.counted, this.series, role, at), ...(p95 !== undefined && { p95 }) };
  }
}

function queriesOf({ metrics, own }: Counted): MetricDataQuery[] {
  return roles.flatMap((role) => {
    const of = metrics[role];
    if (of === undefined) return [];
    const { all, failed, latency, own: ownMetrics } = of;
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
  series: Map<string, Map<number, number>>,
): Promise<void> {
  const client = clientOf(CloudWatchClient, account, "cloudwatch");
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

function countsOf(
  { metrics }: Counted,
  series: ReadonlyMap<string, Series>,
  role: Role,
  at: number,
): { readonly requests: number; readonly failed: number } {
  const sum = (kind: string, of: readonly Metric[] = []) =>
    of.reduce((total, _, index) => total + (series.get(`${role}_${kind}${index}`)?.get(at) ?? 0), 0);
  const failed = sum("failed", metrics[role]?.failed);
  // A failure that is counted before its request.
  return { requests: Math.max(sum("all", metrics[role]?.all), failed), failed };
}

/** In milliseconds. */
function latencyOf(
  { metrics }: Counted,
  series: ReadonlyMap<string, Series>,
  role: Role,
  percentile: LatencyPercentile,
  at: number,
): number | undefined {
  const value = series.get(`${role}_${percentile}`)?.get(at);
  return value === undefined ? undefined : value * (metrics[role]?.latency?.unitMs ?? 1);
}

function minuteOf(counted: Counted, series: ReadonlyMap<string, Series>, at: number): Minute {
  const { own } = counted;
  const read = (role: Role, kind: string) => series.get(`${role}_${kind}`)?.get(at);
  const counts = (role: Role) => countsOf(counted, series, role, at);
  const [stable, canary] = [counts("stable"), counts("canary")];
  const isEnough = Math.min(stable.requests, canary.requests) >= leastOfPercentile;
  const percentile = (of: LatencyPercentile) =>
    isEnough
      ? {
          stable: latencyOf(counted, series, "stable", of, at),
          canary: latencyOf(counted, series, "canary", of, at),
        }
      : {};
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
