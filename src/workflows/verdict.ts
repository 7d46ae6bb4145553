import type { LiveTrial } from "../live/live-trial";
import { refuseUnlessAsGood } from "../live/verdict-gate";
import type { CanaryVerdict } from "../live/verdict-now";
import type { FunctionsRelease, Release } from "../release/release";
import { type Standing, standingOf } from "../release/steps/standing";
import { needsVerdict } from "../release/steps/steps";
import { type Gaining, gainingOf } from "./gaining";
import type { PlanJson } from "./plan-summary";

/** What lets a deploy pass without a verdict. */
const way = "run this workflow by hand with 'skip-verdict'";

/**
 * Refuses a plan that gives a version on trial more users than its step, where that waits for a verdict and AWS's
 * numbers of now do not find it as good as stable: a pull request may have waited for days.
 *
 * @throws {Refusal} while it is worse, or not enough is known yet
 * @throws {Unable} where AWS cannot be asked, or does not say since when the version has its share
 */
export async function stopPlanUnlessAsGood(release: Release, plan: PlanJson, now: Date): Promise<void> {
  const standing = standingOf(release);
  const gaining = gainingOf(standing, plan);
  if (release.versionKind === "container" || gaining === undefined) return;
  if (!leavesJudgedStep(standing, gaining)) return;
  await refuseUnlessAsGood(release, way, () => verdictInAws(release, gaining, now));
}

/** Whether the version had users at a step that waits for a verdict. */
function leavesJudgedStep({ steps }: Standing, { version, from }: Gaining): boolean {
  return from > 0 && needsVerdict({ steps, canary: { version, percent: from } });
}

/** Since when the version has the share that it leaves stands in AWS: the file says since when it has the next one. */
async function verdictInAws(release: FunctionsRelease, { version, from }: Gaining, now: Date) {
  const { readTrial } = await import("../live/live-trial.js");
  const trial = await readTrial(release);
  if (trial?.version !== version || trial.percent !== from)
    throw new Error(`AWS does not give ${version} the ${from} % that the plan was made of`);
  if (trial.since === undefined)
    throw new Error(`AWS does not say since when ${version} has ${from} %, and no guard has recorded it`);
  const { readVerdict } = await import("../live/live-verdict.js");
  const found = await readVerdict(withStable(release, trial), version, trial.since, now);
  return { ...found, stable: trial.stable, canary: version } satisfies CanaryVerdict;
}

/** The release whose stable version is the one that AWS has. */
function withStable(release: FunctionsRelease, { stable }: LiveTrial): FunctionsRelease {
  const version = release.versions.find(({ name }) => name === stable);
  if (version === undefined) throw new Error(`AWS has ${stable} as stable, which the file does not list`);
  return { ...release, stable: version } as FunctionsRelease;
}
