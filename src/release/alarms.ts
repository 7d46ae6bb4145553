import type { AlarmSettings, MetricAlarmSettings } from "./alarm-settings";
import type { ReleaseFile } from "./defaults";
import { type AlarmScope, alarms } from "./schema/alarms";
import type { AlarmsInFile, FileAsGiven } from "./schema/release";
import { modelOf } from "./strategies/strategies";

type Complete<T> = T & { readonly datapointsToAlarm: number; readonly on: readonly AlarmScope[] };

/** The `alarms` of a file with what depends on its strategy, and on other fields of theirs. */
export interface AlarmsWithDefaults {
  readonly errors: false | Complete<Exclude<AlarmsInFile["errors"], false>>;
  readonly latency?: Complete<NonNullable<AlarmsInFile["latency"]>>;
  readonly own: readonly string[];
}

/**
 * @param isNeeded whether something looks at alarms, also where the file gives none
 * @returns nothing where the file asks for no alarms, and nothing needs them
 */
export function alarmsWithDefaults(
  file: Pick<FileAsGiven, "strategy" | "alarms">,
  isNeeded: boolean,
): AlarmsWithDefaults | undefined {
  const { alarmScopes } = modelOf(file);
  const given = file.alarms ?? (isNeeded ? alarms.parse({}) : undefined);
  if (given === undefined) return undefined;
  const complete = <T extends Partial<Complete<unknown>> & { readonly evaluationPeriods: number }>(
    metric: T,
  ): Complete<T> => ({
    ...metric,
    datapointsToAlarm: metric.datapointsToAlarm ?? metric.evaluationPeriods,
    on: metric.on ?? alarmScopes,
  });
  const { errors, latency, own } = given;
  return { errors: errors && complete(errors), latency: latency && complete(latency), own };
}

/** The alarms of a release. @returns nothing where the file asks for none */
export function alarmsOf({ alarms }: Pick<ReleaseFile, "alarms">): AlarmSettings | undefined {
  if (alarms === undefined) return undefined;
  const { errors, latency, own } = alarms;
  return {
    errors: errors === false ? undefined : settingsOf(errors, errors.threshold),
    latency: latency && settingsOf(latency, latency.p95Ms),
    own,
  };
}

function settingsOf(
  {
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData,
    on,
  }: Omit<MetricAlarmSettings, "threshold">,
  threshold: number,
): MetricAlarmSettings {
  return { threshold, periodSeconds, evaluationPeriods, datapointsToAlarm, treatMissingData, on };
}
