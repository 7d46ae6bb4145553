import type { FunctionsRelease, Release } from "../release/release";
import type { LiveShare } from "../release/steps/live-share";
import { standingOf } from "../release/steps/standing";
import { bakesUntil } from "../release/steps/steps";
import { missingAlarms, type ToldAlarms, toldAlarms } from "./alarms";
import type { TimeLimits } from "./call-time";
import { type Place, placeOf, withAws } from "./clients";
import type { PackageTree } from "./code-differences";
import { type Comparison, nothingCompared } from "./comparison";
import { differences } from "./differences";
import { liveShareOf } from "./live-share";
import { Missing, readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";
import { makeMoves, movesTo } from "./move";
import { compareRunning } from "./running";
import { checkNumber, deleteVersion, type PublishedVersions, publishedVersions } from "./unused-versions";

export type { Place };

export interface LiveStatus extends ToldAlarms, Comparison {
  readonly place: Place;
  /** @default - there is no stage, or alias, that anybody could call */
  readonly traffic?: LiveTraffic;
  /** Since when the share of the version on trial is live. @default - the file plans no bake time for it */
  readonly share?: LiveShare;
}

/**
 * Who serves in AWS and what they run, and whether the files say so too.
 *
 * @param packageTree packages the code that AWS is to run
 */
export async function liveStatus(
  released: Release,
  packageTree: PackageTree,
  limits?: TimeLimits,
): Promise<LiveStatus> {
  const release = functionsReleaseOf(released);
  const isBaking = bakesUntil(standingOf(release)) !== undefined;
  return withAws(release.environment, limits, async (aws) => {
    try {
      const live = await readLive(aws, release);
      const traffic = liveTraffic(release, live);
      const [told, share, running] = await Promise.all([
        toldAlarms(aws, release),
        isBaking ? liveShareOf(aws, release, live) : undefined,
        compareRunning(aws, release, live, traffic, packageTree),
      ]);
      return {
        place: placeOf(aws),
        traffic,
        share,
        ...told,
        ...running,
        differences: [...differences(release, live), ...running.differences, ...missingAlarms(told)],
      };
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      const share: LiveShare | undefined = isBaking ? { is: "other", why: error.message } : undefined;
      return { ...nothingCompared, place: placeOf(aws), alarms: [], share, differences: [error.message] };
    }
  });
}

export interface LiveRollback {
  readonly place: Place;
  /** Who serves before it. */
  readonly traffic: LiveTraffic;
  /** What is moved, a line for each call; nothing where AWS is as it will be. */
  readonly moves: readonly string[];
  /** Those who serve in AWS, and neither by the file as it is nor by what becomes of it. */
  readonly strangers: readonly string[];
}

/**
 * Moves the pointer in AWS to where it is by a file that is yet to be written.
 *
 * @param agree is asked before anything is moved, when all that is needed was found
 * @returns whether it agreed, and AWS is as `after` says
 */
export async function rollBackLive(
  before: Release,
  after: Release,
  agree: (plan: LiveRollback) => Promise<boolean>,
  limits?: TimeLimits,
): Promise<boolean> {
  const release = functionsReleaseOf(after);
  return withAws(release.environment, limits, async (aws) => {
    const live = await readLive(aws, release);
    const moves = await movesTo(aws, release, live);
    const traffic = liveTraffic(release, live);
    const plan = {
      place: placeOf(aws),
      traffic,
      moves: moves.map(({ told }) => told),
      strangers: strangersOf(traffic, before, after),
    };
    if (!(await agree(plan))) return false;
    await makeMoves(moves);
    return true;
  });
}

export interface LivePruning extends PublishedVersions {
  readonly place: Place;
}

/** A version that AWS did not delete, by which the deleting ended. */
export interface PruningFailure {
  readonly failed: string;
  /** What AWS said. */
  readonly error: string;
  /** Those that were to follow. */
  readonly left: readonly string[];
}

/**
 * Deletes versions that nobody needs.
 *
 * @param agree is asked which of them go
 * @param onDeleted is told of each
 * @returns the first that cannot be deleted, which ends it; nothing where all are
 */
export async function pruneLive(
  released: Release,
  agree: (found: LivePruning) => Promise<readonly string[]>,
  onDeleted: (version: string) => void,
  limits?: TimeLimits,
): Promise<PruningFailure | undefined> {
  const release = functionsReleaseOf(released);
  if (release.versionKind !== "lambda") throw new Error(`${release.strategy} has no Lambda versions`);
  return withAws(release.environment, limits, async (aws) => {
    const found = await publishedVersions(aws, release);
    const agreed = await agree({ ...found, place: placeOf(aws) });
    agreed.forEach(checkNumber);
    for (const [index, version] of agreed.entries()) {
      try {
        // However many there are: each that is deleted is told.
        aws.time.renew();
        await deleteVersion(aws, release, version);
      } catch (error) {
        return { failed: version, error: (error as Error).message, left: agreed.slice(index + 1) };
      }
      onDeleted(version);
    }
    return undefined;
  });
}

function strangersOf(traffic: LiveTraffic, before: Release, after: Release): string[] {
  const { stable, canary } = standingOf(before);
  const known = [stable, canary?.version, after.stable.name];
  return [...traffic.shares]
    .filter(([version, percent]) => percent > 0 && !known.includes(version))
    .map(([version]) => version);
}

/** What this looks at is functions, and the API in front of them. */
function functionsReleaseOf(release: Release): FunctionsRelease {
  if (release.versionKind !== "container") return release;
  throw new Error("a service of containers has no functions");
}
