import { refuseWhileRed } from "../live/red-alarms";
import type { Release } from "../release/release";
import { standingOf } from "../release/steps/standing";
import { gainingOf } from "./gaining";
import type { PlanJson } from "./plan-summary";

/**
 * Refuses a plan that gives a version on trial more users while an alarm of its release is red. One that is yet to be
 * made is not: the plan may make it.
 *
 * @throws {Refusal} while one is red
 * @throws {Unable} where AWS cannot be asked
 */
export async function stopPlanWhileRed(release: Release, plan: PlanJson): Promise<void> {
  if (release.alarms === undefined) return;
  const gaining = gainingOf(standingOf(release), plan);
  if (gaining !== undefined) await refuseWhileRed(release, gaining.version);
}
