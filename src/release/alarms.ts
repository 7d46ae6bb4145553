import { alarms } from "./alarm-schema";
import type { AlarmSettings, MetricAlarmSettings } from "./alarm-settings";
import type { AlarmsInFile, ReleaseFile } from "./schema";
import { modelOf } from "./strategies/strategies";

/** The alarms of a release. @returns nothing where the file asks for none */
export function alarmsOf(file: Pick<ReleaseFile, "strategy" | "alarms">): AlarmSettings | undefined {
  const inFile = file.alarms ?? (modelOf(file).movedBy === "codedeploy" ? alarms.parse({}) : undefined);
  if (inFile === undefined) return undefined;
  const { errors, latency, own } = inFile;
  return {
    errors: errors === false ? undefined : settingsOf(file, errors, errors.threshold),
    latency: latency && settingsOf(file, latency, latency.p95Ms),
    own,
  };
}

type Judged = Exclude<AlarmsInFile["errors"], false> | NonNullable<AlarmsInFile["latency"]>;

function settingsOf(
  file: Pick<ReleaseFile, "strategy">,
  { periodSeconds, evaluationPeriods, datapointsToAlarm, treatMissingData, on }: Judged,
  threshold: number,
): MetricAlarmSettings {
  return {
    threshold,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: datapointsToAlarm ?? evaluationPeriods,
    treatMissingData,
    on: on ?? modelOf(file).alarmScopes,
  };
}
