import type { Change } from "../release/files/change";
import { countedFrom, type LiveShare } from "../release/live-share";
import type { Release } from "../release/release";
import { standingOf } from "../release/standing";
import { bakesUntil } from "../release/steps";
import { inSeconds } from "../release/time";
import { canaryPercent } from "../release/traffic";
import { Refusal } from "../release/transitions";

/**
 * Refuses a change that ends a bake time early, counted from when AWS had the share live. The file's own time was
 * checked before. As for alarms, AWS is asked only where the file has some.
 *
 * @param asksAws whether AWS may be asked
 * @returns what the bake time counts from; nothing where the change ends none
 * @throws {Refusal} while the version must keep its share, or does not have it yet
 */
export async function stopWhileBaking(
  { read, from, to }: Change,
  asksAws: boolean,
  now: Date,
): Promise<string | undefined> {
  const { release } = read;
  if (release === undefined) return undefined;
  const standing = standingOf(release);
  const { canary } = standing;
  if (canary?.since === undefined || (to.get(canary.version) ?? 0) <= (from.get(canary.version) ?? 0))
    return undefined;
  if (bakesUntil(standing) === undefined) return undefined;
  const percent = canaryPercent({ canary });
  const live = await asked(release, asksAws);
  if (live.is === "other")
    throw new Refusal(
      `${canary.version} must bake at ${percent} %, but that share is not live: ${live.why}; deploy the file, ` +
        `or 'sync' it after a stop; use --skip to go on now`,
    );
  const counted = countedFrom(percent, canary.since, live);
  const until = bakesUntil(standing, live.is === "live" ? live.since : undefined);
  if (until instanceof Date && until > now) {
    const minutes = Math.ceil((until.getTime() - now.getTime()) / 60_000);
    throw new Refusal(
      `${canary.version} must stay at ${percent} % until ${inSeconds(until)} (${minutes} min left): ${counted}; ` +
        "use --skip to go on now",
    );
  }
  return counted;
}

async function asked(release: Release, asksAws: boolean): Promise<LiveShare> {
  if (!asksAws) return { is: "unknown", why: "AWS was not asked" };
  if (release.alarms === undefined)
    return { is: "unknown", why: "AWS was not asked, because it has no 'alarms'" };
  const { readLiveShare } = await import("../live/live-share.js");
  return readLiveShare(release);
}
