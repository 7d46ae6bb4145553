import { comparedMetrics } from "../release/alarms/compared-metrics";
import type { FunctionsRelease, Release } from "../release/release";
import { type Minute, type Verdict, verdictOf } from "../verdict/verdict";
import { type Account, signIn } from "./clients";
import { type Compared, readMinutes } from "./compared-minutes";

/** Why the latency of a version is not known. */
export const noLatency = "each of several functions has its own, and percentiles of several cannot be added";

/** A verdict, and what it is of. */
export interface LiveVerdict extends Verdict {
  readonly from: Date;
  readonly to: Date;
  /** What is counted: answers to requests, or invocations. */
  readonly of: "requests" | "invocations";
  /** Why something is not compared, a line each. */
  readonly notes: readonly string[];
}

/**
 * Compares a canary with stable by what CloudWatch has counted of both since a time.
 *
 * @throws {AwsError} where AWS cannot be asked
 */
export async function readVerdict(
  release: FunctionsRelease,
  canary: string,
  since: Date,
  now: Date,
): Promise<LiveVerdict> {
  const metrics = comparedMetrics(release, canary);
  return compareIn(await signIn(release.environment), release, { metrics, since }, now);
}

/** What is compared in an account, and since when. */
export interface ComparedVersions {
  readonly metrics: Required<Compared["metrics"]>;
  readonly since: Date;
}

/**
 * The same in an account that is known.
 *
 * @throws {AwsError} where CloudWatch cannot be asked
 */
export async function compareIn(
  account: Account,
  release: Pick<Release, "verdict">,
  { metrics, since }: ComparedVersions,
  now: Date,
): Promise<LiveVerdict> {
  const own = release.verdict.metrics;
  const { minutes, from, to } = await readMinutes(account, { metrics, own, since }, now);
  return {
    ...judged(release, minutes, metrics.stable.latency !== undefined),
    from,
    to,
    of: metrics.stable.of,
  };
}

/** The verdict on minutes that were read, and why something is not compared. */
export function judged(
  { verdict: settings }: Pick<Release, "verdict">,
  minutes: readonly Minute[],
  hasLatency: boolean,
): Verdict & Pick<LiveVerdict, "notes"> {
  const verdict = verdictOf(minutes, hasLatency ? settings : { ...settings, latency: false });
  const notes = hasLatency || settings.latency === false ? [] : [`latency: ${noLatency}`];
  return { ...verdict, notes };
}
