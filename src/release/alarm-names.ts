import type { AlarmSettings, MetricAlarmSettings } from "./alarm-settings";
import type { Release } from "./release";
import { modelOf } from "./strategies/strategies";
import type { Watched } from "./watched";

/** What an alarm is on. */
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

/** The alarms that tell of one of these versions, and those that tell of all. */
export function alarmNamesOf(release: Release, versions: readonly string[]): AlarmNames {
  const { alarms } = release;
  if (alarms === undefined) return { made: [], own: [] };
  const watched = modelOf(release).watched(release, versions);
  return {
    made: watched.flatMap((one) => metricAlarmsOn(alarms, one)).map(({ name }) => name),
    own: alarms.own,
  };
}
