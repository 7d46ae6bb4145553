import type { AlarmScope } from "./alarm-schema";
import { type AlarmSettings, alarmScopesOf, type MetricAlarmSettings } from "./alarms";
import type { Release } from "./release";

/** What an alarm is on. */
export const alarmMetrics = ["errors", "latency"] as const;
export type AlarmMetric = (typeof alarmMetrics)[number];

/** What alarms look at, and what their names begin with. */
export interface Watched {
  readonly name: string;
  readonly scope: AlarmScope;
}

/** The names of a release's alarms. */
export interface AlarmNames {
  /** Those that its stack makes. */
  readonly made: readonly string[];
  /** Those that the file names, and that are there already. */
  readonly own: readonly string[];
}

/** A function that is one version's alone. */
export function watchedFunction(awsName: string): Watched {
  return { name: awsName, scope: "version" };
}

/** A version that has an alias of its own. */
export function watchedVersion(release: string, version: string): Watched {
  return { name: `${release}-v${version}`, scope: "version" };
}

/** An alias that serves every version, what it serves of the new one, or a target group. */
export function watchedScope(release: string, scope: AlarmScope): Watched {
  return { name: `${release}-${scope}`, scope };
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
  const watched = watchedOf(release, versions);
  return {
    made: watched.flatMap((one) => metricAlarmsOn(alarms, one)).map(({ name }) => name),
    own: alarms.own,
  };
}

function watchedOf(release: Release, versions: readonly string[]): readonly Watched[] {
  if (release.strategy === "canary-stage")
    return release.versions
      .filter(({ name }) => versions.includes(name))
      .flatMap(({ functions }) => functions.map(({ awsName }) => watchedFunction(awsName)));
  if (release.strategy === "alias-canary-stage" || release.strategy === "blue-green-stage")
    return versions.map((version) => watchedVersion(release.name, version));
  return alarmScopesOf(release).map((scope) => watchedScope(release.name, scope));
}
