import type { LiveAlarm } from "../live/alarms";
import type { Place } from "../live/clients";
import type { MinuteOfOne } from "../live/compared-minutes";
import type { NotKnown, Seen, SeenMinutes, Told } from "../live/live-view";
import type { ReadRelease } from "../release/files/project";
import type { Release } from "../release/release";
import { type BakeTime, bakeTimeOf, bakeTimeText } from "../release/steps/bake-time";
import type { Hold } from "../release/steps/held";
import { rolesOf, standingOf } from "../release/steps/standing";
import { type StepState, stepsOf } from "../release/steps/steps";
import type { Stop } from "../release/steps/stops";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { trafficOf } from "../release/traffic";
import type { Verdict } from "../verdict/verdict";

/**
 * A service at a moment: who serves, where its release is, what its versions do, and what comes next. It is plain JSON,
 * and all that a terminal or a page draws. Times are in UTC, to the second. Whatever is not known says why.
 */
export interface ServiceView {
  /** `dev/greeting` */
  readonly service: string;
  /** The release file. */
  readonly file: string;
  readonly strategy: string;
  /** When AWS was asked. */
  readonly at: string;
  readonly place: Place;
  /** Those that a pointer names in the file, or that serve in AWS. */
  readonly versions: readonly VersionView[];
  /** Whether AWS gives each version the share that the file says. */
  readonly isAsInFile: boolean | NotKnown;
  /** The shares that the file plans, one after the other. @default - none are planned */
  readonly steps?: readonly StepState[];
  /** Why the version on trial keeps its share until somebody releases it. @default - nobody holds it */
  readonly hold?: Hold;
  /** How long the version on trial keeps its share. @default - the file plans no bake time for it */
  readonly bakeTime?: BakeTimeView;
  readonly minutes: MinutesView | NotKnown;
  readonly alarms: readonly AlarmView[] | NotKnown;
  readonly verdict: VerdictView | NotKnown;
  /** What the guard or a person stopped, the latest first. */
  readonly stops: readonly Stop[] | NotKnown;
  /** What comes next, the most likely first. */
  readonly next: readonly NextView[];
  /** What AWS did not answer this time, which is asked again: what is shown of it is older. */
  readonly troubles: readonly string[];
}

export interface VersionView {
  readonly version: string;
  /** What points at it in the file: `stable`, `canary`, `blue`, `preview`, `former`. */
  readonly roles: readonly string[];
  /** Its share by the file, in percent. @default - the file does not list it */
  readonly file?: number;
  /** Its share in AWS, in percent. @default - it is not known */
  readonly aws?: number;
}

export interface BakeTimeView {
  readonly is: BakeTime["is"];
  readonly percent: number;
  /** When it is over. @default - it is not known */
  readonly until?: string;
  /** From when it is counted, or why it is not. */
  readonly text: string;
}

/** What both versions did, minute by minute. */
export interface MinutesView {
  /** Answers to requests, or invocations of functions where the requests of a version are not counted. */
  readonly of: "requests" | "invocations";
  /** When the first minute begins. */
  readonly from: string;
  readonly stable: SeriesView;
  /** @default - no version is on trial */
  readonly canary?: SeriesView;
  /** Why p95 is not known. @default - it is */
  readonly noLatency?: string;
  /** How many metrics a look at them asks CloudWatch for. */
  readonly metrics: number;
}

/** A value for each minute; null of one that CloudWatch has yet to count. */
export interface SeriesView {
  readonly version: string;
  readonly requests: readonly (number | null)[];
  /** Answers of 500 and above, or invocations that failed. */
  readonly failed: readonly (number | null)[];
  /** In milliseconds; null of a minute without requests too. */
  readonly p95: readonly (number | null)[];
}

export interface AlarmView {
  readonly name: string;
  readonly state: LiveAlarm["state"];
  readonly since?: string;
  readonly reason?: string;
}

export interface VerdictView extends Verdict {
  readonly of: "requests" | "invocations";
  readonly from: string;
  readonly to: string;
  /** Why something is not compared, a line each. */
  readonly notes: readonly string[];
}

export interface NextView {
  readonly command: string;
  readonly effect: string;
}

/** The view of a release and what was seen of it. @param next what comes next by the file and what AWS says */
export function serviceView(
  { release, name: service, path: file }: Pick<ReadRelease, "release" | "name" | "path">,
  seen: Seen,
  next: readonly NextView[],
  at: Date,
): ServiceView {
  const standing = standingOf(release);
  const baking = bakeTimeOf(standing, seen.share);
  return {
    service,
    file,
    strategy: release.strategy,
    at: inSeconds(at),
    place: seen.place,
    ...served(release, seen.traffic),
    ...(standing.steps !== undefined && { steps: stepsOf(standing) }),
    ...(standing.canary?.hold !== undefined && { hold: standing.canary.hold }),
    ...(baking !== undefined && { bakeTime: bakeTimeView(baking, at) }),
    minutes: told(seen.minutes, (minutes) => minutesView(minutes, standing)),
    alarms: told(seen.alarms, (alarms) => alarms.map(alarmView)),
    verdict: told(seen.verdict, ({ from, to, ...verdict }) => ({
      ...verdict,
      from: inSeconds(from),
      to: inSeconds(to),
    })),
    stops: seen.stops,
    next,
    troubles: seen.troubles,
  };
}

/** The version that a verdict is about. */
export function onTrial({ versions, minutes }: Pick<ServiceView, "versions" | "minutes">): string {
  const compared = isKnown(minutes) ? minutes.canary?.version : undefined;
  return compared ?? versions.find(({ roles }) => roles.includes("canary"))?.version ?? "the canary";
}

export function isKnown<T extends object>(one: T | NotKnown): one is T {
  return !("notKnown" in one);
}

function told<T extends object, V>(one: Told<T>, view: (known: T) => V): V | NotKnown {
  return isKnown(one) ? view(one) : one;
}

type Standing = ReturnType<typeof standingOf>;

function served(release: Release, traffic: Seen["traffic"]): Pick<ServiceView, "versions" | "isAsInFile"> {
  const standing = standingOf(release);
  const file = trafficOf(release);
  const aws = isKnown(traffic) ? traffic.shares : undefined;
  const all = [...new Set([...file.keys(), ...(aws?.keys() ?? [])])];
  const versions = all
    .filter((version) => rolesOf(standing, version).length > 0 || (aws?.get(version) ?? 0) > 0)
    .map((version) => ({
      version,
      roles: rolesOf(standing, version),
      ...(file.has(version) && { file: file.get(version) }),
      ...(aws !== undefined && { aws: aws.get(version) ?? 0 }),
    }));
  if (!isKnown(traffic)) return { versions, isAsInFile: traffic };
  if (
    shiftsByItself(modelOf(release)) &&
    (standing.canary !== undefined || release.versionKind === "container")
  )
    return { versions, isAsInFile: { notKnown: "AWS shifts the users by itself: the file knows no share" } };
  return { versions, isAsInFile: versions.every((one) => (one.file ?? 0) === one.aws) };
}

function bakeTimeView(baking: BakeTime, at: Date): BakeTimeView {
  const { is, percent } = baking;
  if (is === "counted") return { is, percent, until: inSeconds(baking.until), text: baking.counted };
  return { is, percent, text: bakeTimeText(baking, at) };
}

function minutesView(
  { of, from, stable, canary, shifted, noLatency, metrics }: SeenMinutes,
  standing: Standing,
): MinutesView {
  const versions = shifted ?? { stable: standing.stable, canary: standing.canary?.version ?? "" };
  return {
    of,
    from: inSeconds(from),
    stable: seriesOf(versions.stable, stable),
    ...(canary !== undefined && { canary: seriesOf(versions.canary, canary) }),
    ...(noLatency !== undefined && { noLatency }),
    metrics,
  };
}

function seriesOf(version: string, minutes: readonly (MinuteOfOne | undefined)[]): SeriesView {
  const each = (value: (minute: MinuteOfOne) => number | undefined) =>
    minutes.map((minute) => (minute === undefined ? null : (value(minute) ?? null)));
  return {
    version,
    requests: each(({ requests }) => requests),
    failed: each(({ failed }) => failed),
    p95: each(({ p95 }) => p95),
  };
}

function alarmView({ name, state, since, reason }: LiveAlarm): AlarmView {
  return {
    name,
    state,
    ...(since !== undefined && { since: inSeconds(since) }),
    ...(reason !== undefined && { reason }),
  };
}
