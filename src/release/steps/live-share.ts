import { inSeconds } from "../time";
import type { Decision } from "./decision";

/** What is known of the share that AWS gives a version on trial. */
export type LiveShare =
  /** The share of the file is live since then, or earlier. */
  | { readonly is: "live"; readonly since: Date }
  /** Another share is live, or none. */
  | { readonly is: "other"; readonly why: string }
  /** AWS does not say, or was not asked. `why` is a sentence. */
  | { readonly is: "unknown"; readonly why: string };

/** The share that a guard or a deploy saw, and since when. */
export interface RecordedShare {
  /** The version on trial. */
  readonly version: string;
  /** 0 to 100. */
  readonly percent: number;
  /** When it was decided, as the pointer says. @default - the pointer does not say */
  readonly since?: string;
  /** When the guard or a deploy saw it first, in UTC to the second. */
  readonly at: string;
}

/** @param reason the rest of the sentence. @default - it says no more */
export function notAsked(reason?: string): LiveShare {
  return { is: "unknown", why: `AWS was not asked${reason === undefined ? "" : `, ${reason}`}` };
}

/** The value of the parameter where no version is on trial. */
export const noShare = "{}";

/** A stable version's share, by the decision that gave it all users. */
export function wholeShare({ stable: { version, since } }: Decision): Omit<RecordedShare, "at"> {
  return { version, percent: 100, since };
}

/** Name of the SSM parameter that holds since when a share is live. */
export function shareParameter(release: string): string {
  return `/lambda-release/${release}/share`;
}

/** @returns nothing where no share is recorded */
export function readShare(value: string): RecordedShare | undefined {
  try {
    const { version, percent, since, at } = (JSON.parse(value) ?? {}) as Partial<RecordedShare>;
    const isRecorded =
      typeof version === "string" && typeof percent === "number" && typeof at === "string" && isTime(at);
    return isRecorded ? { version, percent, since, at } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two are the same share by the same decision. Times are compared as times. */
export function isSameShare(
  one: Omit<RecordedShare, "at">,
  other: Omit<RecordedShare, "at"> | undefined,
): boolean {
  if (other === undefined) return false;
  const time = ({ since }: Omit<RecordedShare, "at">) => (since === undefined ? "" : Date.parse(since));
  return one.version === other.version && one.percent === other.percent && time(one) === time(other);
}

/**
 * What a bake time counts from, as people read it.
 *
 * @param percent the share
 * @param since `canary.since` in the file
 */
export function countedFrom(percent: number, since: string, live: LiveShare): string {
  if (live.is !== "live") return `counted from 'canary.since' in the file, ${since}: ${live.why}`;
  if (live.since <= new Date(since))
    return `counted from 'canary.since' in the file, ${since}: ${percent} % was live by then (AWS)`;
  return `${percent} % has been live since ${inSeconds(live.since)} (AWS)`;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
