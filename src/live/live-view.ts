import { alarmNamesOf } from "../release/alarms/alarm-names";
import { comparedMetrics, comparedTargetGroups } from "../release/alarms/compared-metrics";
import type { ReadRelease } from "../release/files/project";
import type { FunctionsRelease, Release } from "../release/release";
import { type LiveShare, notAsked } from "../release/steps/live-share";
import { standingOf } from "../release/steps/standing";
import type { Stop } from "../release/steps/stops";
import { alarmStates, type LiveAlarm } from "./alarms";
import { AwsError, isOfExpiredCredentials } from "./aws-error";
import { type Account, type Aws, connect, disconnect, type Place, placeOf } from "./clients";
import {
  type Counted,
  CountedMinutes,
  comparedSpan,
  lateMinutes,
  type MinuteOfOne,
} from "./compared-minutes";
import { comparedShare } from "./compared-share";
import { liveShareOf } from "./live-share";
import { Missing, readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";
import { judged, type LiveVerdict, noLatency } from "./live-verdict";
import type { ContainersRelease, RunningShift } from "./running-shift";
import { RecordedStops } from "./stops";

/** What is known, or why it is not. */
export type Told<T> = T | NotKnown;

export interface NotKnown {
  /** Why, in words. */
  readonly notKnown: string;
}

/** A service in AWS at a moment. */
export interface Seen {
  readonly place: Place;
  /** Who serves. */
  readonly traffic: Told<LiveTraffic>;
  /** Since when the share of the version on trial is live. */
  readonly share: LiveShare;
  readonly alarms: Told<readonly LiveAlarm[]>;
  readonly minutes: Told<SeenMinutes>;
  readonly verdict: Told<LiveVerdict>;
  /** What the guard or a person stopped, the latest first. */
  readonly stops: Told<readonly Stop[]>;
  /** What AWS did not answer this time: what is told of it is of the look before. */
  readonly troubles: readonly string[];
}

/** The last minutes of both versions; nothing of one that CloudWatch has yet to count. */
export interface SeenMinutes {
  readonly of: "requests" | "invocations";
  /** When the first of them begins. */
  readonly from: Date;
  readonly stable: readonly (MinuteOfOne | undefined)[];
  /** @default - no version is on trial */
  readonly canary?: readonly (MinuteOfOne | undefined)[];
  /** The versions that AWS shifts users between. @default - those that the file names */
  readonly shifted?: Shifted;
  /** Why the latency is not known. @default - it is */
  readonly noLatency?: string;
  /** How many metrics a look at them asks for. */
  readonly metrics: number;
}

interface Shifted {
  readonly stable: string;
  readonly canary: string;
}

const minuteMs = 60_000;

/** How many minutes are shown at most. */
export const shownMinutes = 60;

/** A minute is looked at when it is over for so long: CloudWatch has little of it before. */
const settlingMs = 5_000;

/** What is read of two versions, or of stable alone. */
interface Asked {
  readonly counted: Counted;
  /** Since when they are compared. @default - they are not */
  readonly since?: Date;
  readonly shifted?: Shifted;
}

/** The minutes that were read, of what and up to when, in milliseconds. */
interface Reading extends Omit<Asked, "since"> {
  /** Which versions it is of, and since when. */
  readonly key: string;
  readonly minutes: CountedMinutes;
  readonly begin: number;
  readonly end: number;
}

/**
 * Looks at a service again and again: who serves, alarms and stops each time, and metrics once a minute, by one
 * `GetMetricData`.
 */
export class LiveView {
  private aws?: Aws;
  private reading?: Reading;
  private judged?: { readonly key: string; readonly verdict: LiveVerdict };
  /** What was told last, by what it is. */
  private readonly told = new Map<string, unknown>();

  /** @throws {AwsError} where there are no credentials, or others than the environment allows */
  async look(read: Pick<ReadRelease, "release" | "project">, now: Date): Promise<Seen> {
    const { release } = read;
    const aws = await this.connected(release);
    aws.time.renew();
    const troubles: string[] = [];
    const seen =
      release.versionKind === "container"
        ? await this.containers({ ...read, release }, aws, now, troubles)
        : await this.functions(aws, release, now, troubles);
    // Whatever is wrong with its credentials or connections, the next look begins with new ones.
    if (troubles.length > 0) this.close();
    return { place: placeOf(aws), ...seen, troubles: [...new Set(troubles)] };
  }

  close(): void {
    if (this.aws !== undefined) disconnect(this.aws);
    this.aws = undefined;
  }

  private async connected({ environment }: Release): Promise<Aws> {
    this.aws ??= await connect(environment);
    return this.aws;
  }

  private async functions(
    aws: Aws,
    release: FunctionsRelease,
    now: Date,
    troubles: string[],
  ): Promise<Omit<Seen, "place" | "troubles">> {
    const pointers = this.part("pointers", troubles, async () => {
      const live = await readLive(aws, release);
      const hasShare = standingOf(release).canary?.percent !== undefined;
      const share = hasShare ? await liveShareOf(aws, release, live) : notAsked();
      return { traffic: liveTraffic(release, live), share };
    });
    const [serving, alarms, stops, reading] = await Promise.all([
      pointers,
      this.alarms(aws, release, troubles),
      this.stops(aws, release, troubles),
      this.part("minutes", troubles, () => this.readMinutes(aws, askedOf(release), now)),
    ]);
    const isServing = !("notKnown" in serving);
    const share: LiveShare = isServing ? serving.share : { is: "unknown", why: serving.notKnown };
    const compared = await comparedShare(release, async () => share);
    const since = "notKnown" in compared ? { notKnown: compared.notKnown } : compared.since;
    return {
      traffic: isServing ? serving.traffic : serving,
      share,
      alarms,
      stops,
      minutes: "notKnown" in reading ? reading : minutesOf(reading, now),
      verdict: "notKnown" in reading ? reading : this.verdict(release, reading, since),
    };
  }

  /** It is made anew with each new minute alone: it may be one of days. */
  private verdict(release: Release, reading: Reading, since: Told<Date>): Seen["verdict"] {
    if ("notKnown" in since) return since;
    const key = JSON.stringify([reading.key, reading.end, since, release.verdict]);
    if (this.judged?.key === key) return this.judged.verdict;
    const { counted, minutes } = reading;
    const { begin, end } = comparedSpan(since, new Date(reading.end));
    const [from, to] = [new Date(Math.min(begin, end)), new Date(end)];
    const { of, latency } = counted.metrics.stable;
    const compared = begin < end ? minutes.minutes(begin, end) : [];
    const verdict = { ...judged(release, compared, latency !== undefined), from, to, of };
    this.judged = { key, verdict };
    return verdict;
  }

  private async containers(
    read: Pick<ReadRelease, "project"> & { readonly release: ContainersRelease },
    aws: Aws,
    now: Date,
    troubles: string[],
  ): Promise<Omit<Seen, "place" | "troubles">> {
    const { readLiveStatus } = await import("./live-status.js");
    const { runningShift } = await import("./running-shift.js");
    const { release } = read;
    const [serving, alarms, shift] = await Promise.all([
      this.part("pointers", troubles, async () => {
        const { traffic, differences } = await readLiveStatus(read);
        return traffic ?? { notKnown: differences[0] ?? "nobody can call it" };
      }),
      this.alarms(aws, release, troubles),
      this.part("shift", troubles, async () => {
        const found = await runningShift(aws, release);
        return "why" in found ? { notKnown: found.why } : found;
      }),
    ]);
    return {
      traffic: serving,
      share: notAsked(),
      alarms,
      ...(await this.shift(aws, release, shift, now, troubles)),
      stops: { notKnown: `${release.strategy} has no guard` },
    };
  }

  private async shift(
    aws: Aws,
    release: ContainersRelease,
    shift: Told<RunningShift>,
    now: Date,
    troubles: string[],
  ): Promise<Pick<Seen, "minutes" | "verdict">> {
    if ("notKnown" in shift) return { minutes: shift, verdict: shift };
    const asked = askedOfShift(release, shift);
    const reading = await this.part("minutes", troubles, () => this.readMinutes(aws, asked, now));
    if ("notKnown" in reading) return { minutes: reading, verdict: reading };
    return { minutes: minutesOf(reading, now), verdict: this.verdict(release, reading, shift.since) };
  }

  private alarms(account: Account, release: Release, troubles: string[]): Promise<Seen["alarms"]> {
    const versions = release.versions.map(({ name }) => name);
    const { made, own } = alarmNamesOf(release, versions);
    return this.part("alarms", troubles, () => alarmStates(account, [...made, ...own]));
  }

  private stops(account: Account, release: FunctionsRelease, troubles: string[]): Promise<Seen["stops"]> {
    return this.part("stops", troubles, async () => {
      if (release.guard === undefined) return { notKnown: "this service has no guard ('guard')" };
      const recorded = new RecordedStops(account, release.name);
      try {
        return await recorded.read();
      } finally {
        recorded.close();
      }
    });
  }

  /** Asks for the minutes that are over since the last look, and again for those that may have been counted late. */
  private async readMinutes(account: Account, asked: Asked, now: Date): Promise<Told<Reading>> {
    const { counted, since, shifted } = asked;
    const end = Math.floor((now.getTime() - settlingMs) / minuteMs) * minuteMs;
    const key = JSON.stringify([counted, since]);
    const former = this.reading?.key === key ? this.reading : undefined;
    if (former !== undefined && former.end >= end) return former;
    const compared = since === undefined ? end : comparedSpan(since, now).begin;
    // Before a shift, its target groups had other versions.
    const shown = shifted === undefined ? end - shownMinutes * minuteMs : compared;
    const begin = former?.begin ?? Math.min(compared, shown);
    if (begin >= end) return { notKnown: "no minute of the shift is over yet" };
    const minutes = former?.minutes ?? new CountedMinutes(counted);
    const from = former === undefined ? begin : former.end - lateMinutes * minuteMs;
    await minutes.read(account, { from: new Date(from), to: new Date(end) });
    this.reading = { key, counted, shifted, minutes, begin, end };
    return this.reading;
  }

  /** What AWS does not answer for now is told as it was before, with the trouble. */
  private async part<T extends object>(
    what: string,
    troubles: string[],
    read: () => Promise<Told<T>>,
  ): Promise<Told<T>> {
    try {
      const found = await read();
      this.told.set(what, found);
      return found;
    } catch (error) {
      if (error instanceof Missing) return { notKnown: error.message };
      if (!(error instanceof AwsError)) throw error;
      if (!passes(error)) return { notKnown: error.message };
      troubles.push(error.message);
      return (this.told.get(what) as T | undefined) ?? { notKnown: error.message };
    }
  }
}

/** Whether the same call may well be answered later. */
export function passes({ passing, code }: AwsError): boolean {
  return passing !== undefined || isOfExpiredCredentials(code);
}

/** Without a canary, what is the user's own is not looked at: it is there to compare. */
function countedOf(release: FunctionsRelease, canary: string | undefined): Counted {
  const { stable, canary: onTrial } = comparedMetrics(release, canary ?? release.stable.name);
  if (canary === undefined) return { metrics: { stable: { ...stable, own: [] } }, own: [] };
  return { metrics: { stable, canary: onTrial }, own: release.verdict.metrics };
}

function askedOf(release: FunctionsRelease): Asked {
  const { canary } = standingOf(release);
  const since = canary?.since === undefined ? undefined : new Date(canary.since);
  return { counted: countedOf(release, canary?.version), since };
}

function askedOfShift(release: ContainersRelease, shift: RunningShift): Asked {
  const { stable, canary, since } = shift;
  return {
    counted: { metrics: comparedTargetGroups(release, shift), own: release.verdict.metrics },
    since,
    shifted: { stable: stable.version, canary: canary.version },
  };
}

function minutesOf({ counted, minutes, shifted, ...reading }: Reading, now: Date): SeenMinutes {
  const { metrics } = counted;
  const begin = Math.max(reading.begin, reading.end - shownMinutes * minuteMs);
  const late = now.getTime() - (lateMinutes + 1) * minuteMs;
  const of = (role: "stable" | "canary") =>
    Array.from({ length: (reading.end - begin) / minuteMs }, (_, index) => {
      const at = begin + index * minuteMs;
      const minute = minutes.ofOne(role, at);
      return at > late && minute.requests === 0 ? undefined : minute;
    });
  return {
    of: metrics.stable.of,
    from: new Date(begin),
    stable: of("stable"),
    ...(metrics.canary !== undefined && { canary: of("canary") }),
    ...(shifted !== undefined && { shifted }),
    ...(metrics.stable.latency === undefined && { noLatency }),
    metrics: minutes.metrics,
  };
}
