import { type ApiRelease, resolveRelease } from "../release/release";
import type { ReleaseContext } from "../release/release-context";
import { missingAlarms, type ToldAlarms, toldAlarms } from "./alarms";
import { CallTime, type TimeLimits } from "./call-time";
import { type Aws, connect, disconnect, type Place, placeOf } from "./clients";
import { differences } from "./differences";
import { Missing, readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";
import { makeMoves, movesTo } from "./move";
import { deleteVersion, type PublishedVersions, publishedVersions } from "./unused-versions";

export type { Place };

export interface LiveStatus extends ToldAlarms {
  readonly place: Place;
  /** @default - there is no stage that anybody could call */
  readonly traffic?: LiveTraffic;
  /** A line for each thing in which AWS is not as the file says. */
  readonly differences: readonly string[];
}

/** Who serves in AWS, and whether the file says so too. */
export async function liveStatus(context: ReleaseContext, limits?: TimeLimits): Promise<LiveStatus> {
  const release = apiReleaseOf(context);
  return withAws(context, limits, async (aws) => {
    try {
      const live = await readLive(aws, release);
      const traffic = liveTraffic(release, live);
      const told = await toldAlarms(aws, release);
      return {
        place: placeOf(aws),
        traffic,
        ...told,
        differences: [...differences(release, live), ...missingAlarms(told)],
      };
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return { place: placeOf(aws), alarms: [], differences: [error.message] };
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
  before: ReleaseContext,
  after: ReleaseContext,
  agree: (plan: LiveRollback) => Promise<boolean>,
  limits?: TimeLimits,
): Promise<boolean> {
  const release = apiReleaseOf(after);
  return withAws(after, limits, async (aws) => {
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

/**
 * Deletes versions that nobody needs.
 *
 * @param agree is asked which of them go
 * @param onDeleted is told of each
 */
export async function pruneLive(
  context: ReleaseContext,
  agree: (found: LivePruning) => Promise<readonly string[]>,
  onDeleted: (version: string) => void,
  limits?: TimeLimits,
): Promise<void> {
  const release = apiReleaseOf(context);
  if (release.strategy === "canary-stage") throw new Error("a canary stage has no Lambda versions");
  await withAws(context, limits, async (aws) => {
    const found = await publishedVersions(aws, release);
    for (const version of await agree({ ...found, place: placeOf(aws) })) {
      // However many there are: each that is deleted is told.
      aws.time.renew();
      await deleteVersion(aws, release, version);
      onDeleted(version);
    }
  });
}

function strangersOf(traffic: LiveTraffic, before: ReleaseContext, after: ReleaseContext): string[] {
  const known = [before.file.stable, before.file.canary?.version, after.file.stable];
  return [...traffic.shares]
    .filter(([version, percent]) => percent > 0 && !known.includes(version))
    .map(([version]) => version);
}

async function withAws<T>(
  { environment }: ReleaseContext,
  limits: TimeLimits | undefined,
  use: (aws: Aws) => Promise<T>,
): Promise<T> {
  const aws = await connect(environment, new CallTime(limits));
  try {
    return await use(aws);
  } finally {
    disconnect(aws);
  }
}

/** What this looks at is an API and what it calls. */
function apiReleaseOf(context: ReleaseContext): ApiRelease {
  const release = resolveRelease(context);
  if (release.strategy !== "ecs-blue-green") return release;
  throw new Error("a service of containers has no API");
}
