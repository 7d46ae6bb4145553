import type { Change } from "../release/files/change";
import type { Release } from "../release/release";
import { bakeTimeOf, minutesLeft } from "../release/steps/bake-time";
import { type LiveShare, notAsked } from "../release/steps/live-share";
import { standingOf } from "../release/steps/standing";
import { bakesUntil } from "../release/steps/steps";
import { inSeconds } from "../release/time";

/** What a change that ends a bake time is judged by. */
export interface Baked {
  /** What AWS says of the share. */
  readonly live: LiveShare;
  /** What the bake time is counted from, as people read it. @default - the file does not say when it began */
  readonly counted?: string;
  /** Why the version must keep its share. @default - the bake time is over */
  readonly refusal?: string;
}

/**
 * What says whether a change ends a bake time early. The file's own time was checked before.
 *
 * @param asksAws whether AWS may be asked
 * @returns nothing where the change ends none
 */
export async function bakedBefore(
  { read: { release }, from, to }: Change,
  asksAws: boolean,
  now: Date,
): Promise<Baked | undefined> {
  if (release === undefined) return undefined;
  const standing = standingOf(release);
  const { canary } = standing;
  if (canary?.since === undefined || (to.get(canary.version) ?? 0) <= (from.get(canary.version) ?? 0))
    return undefined;
  return bakesUntil(standing) === undefined ? undefined : bakedSoFar(release, asksAws, now);
}

/** Counted from when AWS had the share live. As for alarms, AWS is asked only where the file has some. */
export async function bakedSoFar(release: Release, asksAws: boolean, now: Date): Promise<Baked> {
  const live = await asked(release, asksAws);
  const standing = standingOf(release);
  const baking = bakeTimeOf(standing, live);
  if (baking === undefined || baking.is === "unknown") return { live };
  const version = standing.canary?.version;
  const { percent } = baking;
  if (baking.is === "not live") {
    const refusal =
      `${version} must bake at ${percent} %, but that share is not live: ${baking.why}; deploy the file, ` +
      "or 'sync' it after a stop; use --skip to go on now";
    return { live, refusal };
  }
  const { until, counted } = baking;
  if (until <= now) return { live, counted };
  const refusal =
    `${version} must stay at ${percent} % until ${inSeconds(until)} (${minutesLeft(until, now)} min left): ` +
    `${counted}; use --skip to go on now`;
  return { live, counted, refusal };
}

async function asked(release: Release, asksAws: boolean): Promise<LiveShare> {
  if (!asksAws) return notAsked();
  if (release.alarms === undefined) return notAsked("because it has no 'alarms'");
  const { readLiveShare } = await import("../live/live-share.js");
  return readLiveShare(release);
}
