import type { Aws } from "../live/clients";
import type { LiveState } from "../live/live-state";
import { trialIn } from "../live/live-trial";
import { compareIn } from "../live/live-verdict";
import { comparedMetrics } from "../release/alarms/compared-metrics";
import { type Guarded, standingAt } from "../release/guarded";
import { worseText } from "../verdict/reason";

/**
 * Whether the version on trial is worse than stable by the minutes since its share is live, as `lambda-release verdict`
 * finds it.
 *
 * @returns why it is worse; nothing where it is not, no version is on trial, or nobody knows since when
 * @throws {AwsError} where CloudWatch cannot be asked
 */
export async function worseThanStable(
  aws: Aws,
  guarded: Guarded,
  live: LiveState,
  now: Date,
): Promise<string | undefined> {
  const { release, countsAccessLogs } = guarded;
  const { stable = "", version = "", since } = (await trialIn(aws, release, live)) ?? {};
  const known = release.versions.map(({ name }) => name);
  if (since === undefined || !known.includes(stable) || !known.includes(version)) return undefined;
  const metrics = comparedMetrics(
    standingAt(guarded, { stable: { version: stable } }),
    version,
    countsAccessLogs,
  );
  const found = await compareIn(aws, release, { metrics, since }, now);
  return found.answer === "worse" ? `the verdict is worse than ${stable}: ${worseText(found)}` : undefined;
}
