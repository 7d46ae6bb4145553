import type { GuardSettings } from "../guard";
import type { FunctionsRelease } from "../release";
import { modelOf } from "../strategies/strategies";
import { answersAlarmName, metricAlarmsOn } from "./alarm-names";
import { type AnswersScope, isOfUsers } from "./alarm-scopes";
import { type AlarmKind, type AlarmSettings, alarmKinds } from "./alarm-settings";

/** Alarms of a release that its guard acts on, by what they tell of. */
export interface GuardedAlarms {
  /** By version, the alarms that tell of it alone. */
  readonly ofVersion: Readonly<Record<string, readonly string[]>>;
  /** Those that tell of every version that serves: on an alias, and `own`. */
  readonly ofAll: readonly string[];
  /** Those of them that tell of whichever version is on trial, or was until it was promoted. */
  readonly ofTrial?: readonly string[];
  /** Those that tell of every version too, and count after a promotion alone: on trial, others tell the canary apart. */
  readonly afterPromotion?: readonly string[];
}

/** All of them, each once. */
export function guardedAlarmNames({ ofVersion, ofAll, afterPromotion = [] }: GuardedAlarms): string[] {
  return [...new Set([...Object.values(ofVersion).flat(), ...ofAll, ...afterPromotion])];
}

type Chosen = Pick<GuardSettings, "alarms">;

export function guardedAlarms(release: FunctionsRelease, guard: Chosen): GuardedAlarms {
  const { versions } = release;
  const alarms = release.alarms && chosenAlarms(release.alarms, guard);
  if (alarms === undefined) return { ofVersion: {}, ofAll: [] };
  const { aliasOf, watched } = modelOf(release);
  const namesOf = (version: string, isOfVersion: boolean) =>
    watched(release, [version])
      .filter(({ scope }) => (scope === "version") === isOfVersion)
      .flatMap((one) => metricAlarmsOn(alarms, one).map(({ name }) => name));
  // One alias of all: the alarm on a version looks at the one that was published last.
  const [last] = versions.slice(-1);
  const hasOwn = versions.filter((one) => aliasOf !== "all" || one === last).map(({ name }) => name);
  const scopes = (alarms.answers?.on ?? []).filter(isOfUsers);
  const isToldApart = scopes.includes("canary");
  const onAnswers = (isChosen: (scope: AnswersScope) => boolean) =>
    scopes.filter(isChosen).map((scope) => answersAlarmName(release.name, scope));
  const afterPromotion = onAnswers((scope) => isToldApart && scope === "stage");
  const ofTrial = onAnswers((scope) => scope === "canary");
  const shared = last === undefined ? [] : namesOf(last.name, false);
  return {
    ofVersion: Object.fromEntries(hasOwn.map((version) => [version, namesOf(version, true)])),
    // That on the canary's answers looks at whichever version is on trial.
    ofAll: [...shared, ...onAnswers((scope) => !isToldApart || scope === "canary"), ...alarms.own],
    ...(ofTrial.length > 0 && { ofTrial }),
    ...(afterPromotion.length > 0 && { afterPromotion }),
  };
}

/** Whether a guard has an alarm to act on. */
export function hasGuardedAlarm(alarms: AlarmSettings | undefined, guard: Chosen): boolean {
  if (alarms === undefined) return false;
  const { errors, latency, answers, own } = chosenAlarms(alarms, guard);
  return [errors, latency, answers?.on.find(isOfUsers), ...own].some((one) => one !== undefined);
}

export function isAlarmKind(text: string): text is AlarmKind {
  return alarmKinds.some((kind) => kind === text);
}

/** The alarms that a guard's setting leaves. A name is that of a kind first. */
function chosenAlarms(alarms: AlarmSettings, { alarms: chosen }: Chosen): AlarmSettings {
  if (chosen === undefined) return alarms;
  const { errors, latency, answers, own } = alarms;
  const isChosen = (kind: AlarmKind) => chosen.includes(kind);
  return {
    errors: isChosen("errors") ? errors : undefined,
    latency: isChosen("latency") ? latency : undefined,
    answers: isChosen("answers") ? answers : undefined,
    own: isChosen("own") ? own : own.filter((name) => chosen.includes(name) && !isAlarmKind(name)),
  };
}
