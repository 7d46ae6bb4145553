import { alarmNamesOfTrial } from "../release/alarms/alarm-names";
import { counted } from "../release/counted";
import { Unable } from "../release/files/project";
import type { FunctionsRelease, Release } from "../release/release";
import { type BakeTime, bakeTimeOf, minutesLeft } from "../release/steps/bake-time";
import { heldText } from "../release/steps/held";
import { type Standing, standingOf } from "../release/steps/standing";
import { followingStep, needsVerdict, shareSince, stepNow } from "../release/steps/steps";
import { stopText, stopToTakeIn } from "../release/steps/stops";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { canaryPercent } from "../release/traffic";
import { reasonOf, worseText } from "../verdict/reason";
import { type LiveAlarm, readAlarms } from "./alarms";
import { AwsError } from "./aws-error";
import { readLiveShare } from "./live-share";
import { recordedStops } from "./live-stops";
import type { LiveVerdict } from "./live-verdict";
import { verdictNow } from "./verdict-now";

/** What a canary that the file gives a share has, and what it would get next. */
interface InFlight {
  readonly release: FunctionsRelease;
  readonly canary: NonNullable<Standing["canary"]>;
  readonly percent: number;
}

/** Whether a release goes on by itself at this moment. */
export interface Advance {
  /**
   * - `by hand`: no step says that it goes on by itself
   * - `held`: a person holds it
   * - `stopped`: the guard or an emergency took its users away
   * - `waits`: its step is not done yet
   * - `goes on`: its step is done, and `to` is next
   * - `worse`: it is worse than stable, and would be rolled back
   * - `unknown`: AWS does not say
   */
  readonly is: "by hand" | "held" | "stopped" | "waits" | "goes on" | "worse" | "unknown";
  /** In words, without a full stop. */
  readonly why: string;
  readonly version: string;
  /** The canary's share in the file, 0 to 100. */
  readonly from: number;
  /** The share of the next step, or `promote` after the last. @default - the file has no steps */
  readonly to?: number | "promote";
  /** When the bake time ends. @default - it does not wait for that */
  readonly until?: Date;
  /** How many alarms were asked, and none was in ALARM. @default - they were not asked, or the file has none */
  readonly quietAlarms?: number;
  /** How it compares with stable. @default - that was not asked */
  readonly verdict?: LiveVerdict;
}

/** What was found so far. */
type Found = Omit<Advance, "is" | "why">;

/**
 * Asks whether a release goes on by itself: held, stopped, live, baked, alarms and verdict, in this order. A version that
 * is worse than stable is told before its bake time is over.
 *
 * @returns nothing where no canary is on trial whose share the file gives
 */
export async function readAdvance(release: Release, now: Date): Promise<Advance | undefined> {
  const flight = inFlight(release);
  if (flight === undefined) return undefined;
  const standing = standingOf(release);
  const { percent, canary } = flight;
  const found: Found = { version: canary.version, from: percent, to: followingStep(standing) };
  const held = heldText(standing);
  if (held !== undefined) return { ...found, is: "held", why: held };
  const step = stepNow(standing);
  if (step?.auto !== true) {
    const why = standing.steps === undefined ? "the file has no 'steps'" : `its step has no 'auto'`;
    return { ...found, is: "by hand", why };
  }
  try {
    return await asked(flight, found, now);
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Unable)) throw error;
    return { ...found, is: "unknown", why: error.message };
  }
}

function inFlight(release: Release): InFlight | undefined {
  const { canary } = standingOf(release);
  if (release.versionKind === "container" || canary === undefined || shiftsByItself(modelOf(release)))
    return undefined;
  return { release, canary, percent: canaryPercent({ canary }) };
}

async function asked(flight: InFlight, found: Found, now: Date): Promise<Advance> {
  const { release, canary, percent } = flight;
  const standing = standingOf(release);
  const stops = release.guard === undefined ? [] : await recordedStops(release);
  const stop = stopToTakeIn(standing, stops);
  if (stop !== undefined) return { ...found, is: "stopped", why: stopText(stop) };

  const live = await readLiveShare(release);
  if (live.is === "other") return { ...found, is: "waits", why: `${percent} % is not live: ${live.why}` };
  if (live.is === "unknown") return { ...found, is: "unknown", why: live.why };
  const baking = bakeTimeOf(standing, live);
  if (canary.since === undefined) return { ...found, is: "unknown", why: "the file has no 'canary.since'" };

  const since = shareSince(canary.since, live.since);
  const { verdict, trouble } = await compared(flight, since, now);
  const alarms = await alarmsOf(flight);
  const isAlarmed = alarms.some(({ state }) => state === "ALARM");
  const all = {
    ...found,
    verdict,
    quietAlarms: isAlarmed || alarms.length === 0 ? undefined : alarms.length,
  };
  if (verdict?.answer === "worse") return { ...all, is: "worse", why: `worse in ${worseText(verdict)}` };
  const wait = whyWait(baking, alarms, now);
  if (wait !== undefined) return { ...all, ...wait };
  const isNeeded = needsVerdict(standing);
  if (isNeeded && trouble !== undefined) return { ...all, is: "unknown", why: trouble };
  if (isNeeded && verdict?.answer !== "as good")
    return { ...all, is: "waits", why: verdictText(flight, all) };
  return { ...all, is: "goes on", why: whyOn(flight, all, baking) };
}

/** Also where no step waits for it: it is told, and a version that is worse does not go on. */
async function compared(
  { release }: InFlight,
  since: Date,
  now: Date,
): Promise<{ readonly verdict?: LiveVerdict; readonly trouble?: string }> {
  try {
    return { verdict: await verdictNow(release, now, since) };
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof Unable)) throw error;
    return { trouble: `the verdict is not known: ${error.message}` };
  }
}

async function alarmsOf({ release, canary }: InFlight): Promise<readonly LiveAlarm[]> {
  const { made, own } = alarmNamesOfTrial(release, canary.version);
  return made.length + own.length === 0 ? [] : readAlarms(release.environment, [...made, ...own]);
}

/** @returns nothing where the bake time is over and no alarm speaks against it */
function whyWait(
  baking: BakeTime | undefined,
  alarms: readonly LiveAlarm[],
  now: Date,
): Pick<Advance, "is" | "why" | "until"> | undefined {
  if (baking?.is === "counted" && baking.until > now) {
    const { until, counted } = baking;
    const why = `until ${inSeconds(until)} (${minutesLeft(until, now)} min left): ${counted}`;
    return { is: "waits", why, until };
  }
  const red = alarms.find(({ state }) => state === "ALARM");
  if (red !== undefined)
    return {
      is: "waits",
      why: `${red.name} is in ALARM${red.since ? ` since ${inSeconds(red.since)}` : ""}`,
    };
  const missing = alarms.find(({ state }) => state === "missing");
  return missing && { is: "unknown", why: `the alarm ${missing.name} is not in AWS: deploy first` };
}

function verdictText({ canary }: InFlight, { verdict }: Found): string {
  return verdict === undefined ? "no verdict" : `${verdict.answer}: ${reasonOf(verdict, canary.version)}`;
}

function whyOn(flight: InFlight, found: Found, baking: BakeTime | undefined): string {
  const { quietAlarms } = found;
  return [
    ...(baking?.is === "counted" ? [`bake time over since ${inSeconds(baking.until)}`] : []),
    ...(quietAlarms === undefined ? [] : [`${counted(quietAlarms, "alarm")} quiet`]),
    verdictText(flight, found),
  ].join(", ");
}
