import type { Release } from "../release";
import { modelOf } from "../strategies/strategies";
import { type AnswersScope, answersScopes } from "./alarm-scopes";
import type { AlarmSettings, MetricAlarmSettings } from "./alarm-settings";
import type { Watched } from "./watched";

/** What an alarm on a version, an alias or a target group is on. */
export const alarmMetrics = ["errors", "latency"] as const;
export type AlarmMetric = (typeof alarmMetrics)[number];

/** The names of a release's alarms. */
export interface AlarmNames {
  /** Those that its stack makes. */
  readonly made: readonly string[];
  /** Those that the file names, and that are there already. */
  readonly own: readonly string[];
}

/** The alarms that the settings ask for on what is watched. */
export function metricAlarmsOn(
  alarms: AlarmSettings,
  { name, scope }: Watched,
): readonly {
  readonly name: string;
  readonly metric: AlarmMetric;
  readonly settings: MetricAlarmSettings;
}[] {
  return alarmMetrics.flatMap((metric) => {
    const settings = alarms[metric];
    return settings?.on.includes(scope) ? [{ name: `${name}-${metric}`, metric, settings }] : [];
  });
}

/** The name of the alarm on answers of 500 and above. */
export function answersAlarmName(release: string, scope: AnswersScope): string {
  return `${release}-${scope}-answers`;
}

/**
 * The alarms that tell of one of these versions, and those that tell of all. One on the answers of the version on
 * trial is named after its part, whichever version has it, so that no step aims an alarm.
 */
export function alarmNamesOf(release: Release, versions: readonly string[]): AlarmNames {
  const { alarms } = release;
  if (alarms === undefined) return { made: [], own: [] };
  const watched = modelOf(release).watched(release, versions);
  const onAnswers = (alarms.answers?.on ?? []).map((scope) => answersAlarmName(release.name, scope));
  return {
    made: [...watched.flatMap((one) => metricAlarmsOn(alarms, one)).map(({ name }) => name), ...onAnswers],
    own: alarms.own,
  };
}

/** Those that tell whether a version on trial may get more users. */
export function alarmNamesOfTrial(release: Release, version: string): AlarmNames {
  const { made, own } = alarmNamesOf(release, [version]);
  return { made: tellingOfTrial(release.name, made), own };
}

/**
 * Of a release's alarms, those that tell whether a version on trial may get more users. Where its answers are told
 * apart, the alarm on all answers of the stage does not: stable would keep users from the version that mends it.
 */
export function tellingOfTrial(release: string, names: readonly string[]): readonly string[] {
  const isToldApart = answersScopes.some(
    (scope) => scope !== "stage" && names.includes(answersAlarmName(release, scope)),
  );
  return isToldApart ? names.filter((name) => name !== answersAlarmName(release, "stage")) : names;
}
