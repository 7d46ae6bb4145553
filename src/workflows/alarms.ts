import { refuseWhileRed } from "../live/red-alarms";
import type { Release } from "../release/release";
import { type Standing, standingOf } from "../release/standing";
import type { PlanJson } from "./plan-summary";

type Shares = Readonly<Record<string, number>>;

/**
 * Refuses a plan that gives a version on trial more users while an alarm of its release is red. One that is yet to be
 * made is not: the plan may make it.
 *
 * @throws {Refusal} while one is red
 * @throws {Unable} where AWS cannot be asked
 */
export async function stopPlanWhileRed(release: Release, plan: PlanJson): Promise<void> {
  if (release.alarms === undefined) return;
  const version = gaining(standingOf(release), plan);
  if (version !== undefined) await refuseWhileRed(release, version);
}

/**
 * The canary, or a version that takes over from the former one, where it gets more users. Where CodeDeploy moves the
 * alias there is no such output, and what is made from nothing takes users from nobody.
 */
function gaining(
  { canary, stable, former }: Standing,
  { output_changes: outputs }: PlanJson,
): string | undefined {
  const { before, after } = (outputs?.["traffic"] ?? {}) as { before?: Shares | null; after?: Shares };
  if (!before || !after) return undefined;
  const isMore = (version: string) => (after[version] ?? 0) > (before[version] ?? 0);
  if (canary !== undefined) return isMore(canary.version) ? canary.version : undefined;
  // A rollback leaves no former version that had users.
  return former !== undefined && (before[former] ?? 0) > 0 && isMore(stable) ? stable : undefined;
}
