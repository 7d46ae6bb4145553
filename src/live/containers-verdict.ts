import { comparedTargetGroups } from "../release/alarms/compared-metrics";
import { Unable } from "../release/files/project";
import { signIn } from "./clients";
import { compareIn } from "./live-verdict";
import { type ContainersRelease, runningShift } from "./running-shift";
import type { CanaryVerdict } from "./verdict-now";

/**
 * The verdict on the version that AWS shifts users to, by what the load balancer counts of the target groups. Several
 * shares of one shift are counted together: each minute is judged by the requests that each version had in it.
 *
 * @param since counts from this time, and not before the shift. @default - since the shift began
 * @throws {Unable} where AWS shifts no users
 * @throws {AwsError} where AWS cannot be asked
 */
export async function containersVerdict(
  release: ContainersRelease,
  now: Date,
  since?: Date,
): Promise<CanaryVerdict> {
  const account = await signIn(release.environment);
  const shift = await runningShift(account, release);
  if ("why" in shift) {
    const { why, next } = shift;
    const what = next === undefined ? why : `${why}: ${next}`;
    throw new Unable(`${what}; the verdict compares while users are shifted`);
  }
  const { stable, canary } = shift;
  // Before it, the same target groups had other versions.
  const from = since !== undefined && since > shift.since ? since : shift.since;
  const metrics = comparedTargetGroups(release, shift);
  const found = await compareIn(account, release, { metrics, since: from }, now);
  return { ...found, stable: stable.version, canary: canary.version };
}
