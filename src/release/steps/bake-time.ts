import { inSeconds } from "../time";
import { canaryPercent } from "../traffic";
import { countedFrom, type LiveShare } from "./live-share";
import type { Standing } from "./standing";
import { bakesUntil } from "./steps";

/** How long the canary keeps its share by the plan, and which time that is counted from. */
export type BakeTime =
  | {
      readonly is: "counted";
      readonly percent: number;
      readonly until: Date;
      /** Which of the two says since when the canary has its share. */
      readonly by: "AWS" | "file";
      /** The same as people read it, with the time. */
      readonly counted: string;
    }
  /** It has not begun, because AWS gives the canary another share. `why` is a sentence. */
  | { readonly is: "not live"; readonly percent: number; readonly why: string }
  /** The file does not say when it began. */
  | { readonly is: "unknown"; readonly percent: number };

/**
 * The one place that computes when a bake time ends: for verbs, hints, status and reviews.
 *
 * @param live what AWS says of the share
 * @returns nothing where no bake time is planned
 */
export function bakeTimeOf(
  { steps, canary }: Pick<Standing, "steps" | "canary">,
  live: LiveShare,
): BakeTime | undefined {
  const until = bakesUntil({ steps, canary }, live.is === "live" ? live.since : undefined);
  if (until === undefined || canary === undefined) return undefined;
  const percent = canaryPercent({ canary });
  if (live.is === "other") return { is: "not live", percent, why: live.why };
  if (until === "unknown" || canary.since === undefined) return { is: "unknown", percent };
  const by = live.is === "live" ? "AWS" : "file";
  return { is: "counted", percent, until, by, counted: countedFrom(percent, canary.since, live) };
}

/** As `status` shows it. */
export function bakeTimeText(bakeTime: BakeTime, now: Date): string {
  if (bakeTime.is === "not live")
    return `${bakeTime.percent} % is not live, so it has not begun: ${bakeTime.why}`;
  if (bakeTime.is === "unknown") return "its end is unknown: the file has no 'canary.since'";
  return countedText(bakeTime.until, bakeTime.counted, now);
}

/** When a bake time ends or has ended. @param counted which time it is counted from */
export function countedText(until: Date, counted: string, now: Date): string {
  return `${until > now ? "until" : "over since"} ${inSeconds(until)}: ${counted}`;
}

/** How many minutes are left, rounded up, so that it never shows the end too early. */
export function minutesLeft(until: Date, now: Date): number {
  return Math.ceil((until.getTime() - now.getTime()) / 60_000);
}
