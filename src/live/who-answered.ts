import { setTimeout as sleep } from "node:timers/promises";
import type { ApiRelease } from "../release/release";
import { type AskWhoAnswered, isEnough, type SentRequests, type WhoAnswered } from "../traffic/who-answered";
import { canaryRequests } from "./access-log";
import { AwsError } from "./aws-error";
import { type Aws, withAws } from "./clients";
import { invocationsOf, sumOf } from "./invocations";
import { type LiveState, Missing, readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";

/** How long AWS may take to tell of requests, in milliseconds. docs/deploying.md repeats these numbers. */
export interface TellingTimes {
  /** Of the lines of an access log. */
  readonly logMs: number;
  /** Of CloudWatch's counts. */
  readonly metricMs: number;
  /** From one look to the next. */
  readonly pauseMs: number;
}

export const tellingTimes: TellingTimes = { logMs: 120_000, metricMs: 300_000, pauseMs: 5_000 };

/** Looks again and again, until a look finds all or the time is over. */
export type Patience = (look: () => Promise<boolean>) => Promise<void>;

/** Asks AWS which version of a service answered requests. */
export function askAws(release: ApiRelease, times: TellingTimes = tellingTimes): AskWhoAnswered {
  return async (sent) => {
    try {
      return await withAws(release.environment, undefined, async (aws) => {
        const live = await readLive(aws, release);
        return tellOf(aws, release, live, sent, times);
      });
    } catch (error) {
      if (!(error instanceof AwsError || error instanceof Missing)) throw error;
      return { unknown: error.message };
    }
  };
}

async function tellOf(
  aws: Aws,
  release: ApiRelease,
  live: LiveState,
  sent: SentRequests,
  times: TellingTimes,
): Promise<WhoAnswered> {
  const traffic = liveTraffic(release, live);
  const isStageSplit = live.api?.stage.canary !== undefined;
  if (!isStageSplit && traffic.canary !== undefined)
    return tellOfAlias(aws, release, live, traffic, sent, times);
  if (release.stage.accessLogs) return tellOfStage(aws, release, traffic, sent, times);
  return {
    unknown: `${release.name} has no access log: set 'stage.accessLogs' to true`,
  };
}

/** A stage that splits says of each request in its access log whether the canary answered. */
async function tellOfStage(
  aws: Aws,
  release: ApiRelease,
  { stable, canary }: LiveTraffic,
  { requests, from }: SentRequests,
  { logMs, pauseMs }: TellingTimes,
): Promise<WhoAnswered> {
  const ids = requests.map(({ id }) => id);
  console.log(`No response names its version: reading the access log, for ${logMs / 1000} seconds at most.`);
  const isCanary = await canaryRequests(aws, release, ids, from, patience(logMs, pauseMs));
  if (!isEnough(isCanary.size, ids.length))
    return { unknown: missingText(isCanary.size, ids.length, "lines of the access log", logMs) };
  const version = (one: boolean) => (one ? (canary?.version ?? "(canary)") : stable);
  return {
    by: "the access log",
    versions: new Map([...isCanary].map(([id, one]) => [id, version(one)])),
  };
}

/** API Gateway does not see which version of an alias ran: Lambda counts them. */
async function tellOfAlias(
  aws: Aws,
  release: ApiRelease,
  live: LiveState,
  { stable, canary }: LiveTraffic,
  { requests, from, to }: SentRequests,
  { metricMs, pauseMs }: TellingTimes,
): Promise<WhoAnswered> {
  const alias = live.api?.stage.variables["alias"] ?? "";
  const [lambda, ...others] = release.functions;
  if (lambda === undefined || others.length > 0)
    return {
      unknown: `${release.name} has several functions, each with an alias that splits: let the responses name their version`,
    };
  const functionName = lambda.awsName;
  const names = [stable, ...(canary === undefined ? [] : [canary.version])];
  const nameOf = new Map(names.map((name) => [numberOf(release, lambda.name, name), name]));
  const versions = [...nameOf.keys()];
  const least = requests.filter(({ failed }) => !failed).length;
  console.log(`No response names its version: asking CloudWatch, for ${metricMs / 1000} seconds at most.`);
  const counted = { functionName, alias, versions, from, to };
  const invocations = await invocationsOf(aws, counted, least, patience(metricMs, pauseMs));
  if (!isEnough(sumOf(invocations), least))
    return { unknown: missingText(sumOf(invocations), least, "invocations", metricMs) };
  const named = [...invocations].map(([number, count]) => [nameOf.get(number) ?? number, count] as const);
  return { by: "CloudWatch", invocations: new Map(named) };
}

/** The number by which Lambda counts a version; one that the file does not know is named by it. */
function numberOf(release: ApiRelease, name: string, version: string): string {
  const published = release.versionKind === "lambda" ? release.versions : [];
  return published.find((one) => one.name === version)?.numbers[name] ?? version;
}

function missingText(found: number, all: number, what: string, ms: number): string {
  return `only ${found} of ${all} ${what} had arrived after ${ms / 1000} seconds`;
}

function patience(mostMs: number, pauseMs: number): Patience {
  return async (look) => {
    const end = performance.now() + mostMs;
    while (!(await look())) {
      if (performance.now() + pauseMs > end) return;
      await sleep(pauseMs);
    }
  };
}
