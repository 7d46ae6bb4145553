import { type AlarmScope, alarms, targetGroups } from "./alarm-schema";
import { runsContainers } from "./release-context";
import type { AlarmsInFile, ReleaseFile, Strategy } from "./schema";
import { isMovedByCodeDeploy } from "./traffic";

/** An alarm on one metric of Lambda's, with a value for everything that has a default. */
export interface MetricAlarmSettings {
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
  /** What it looks at: an alarm is made for each. */
  readonly on: readonly AlarmScope[];
}

/** The alarms by which a shift is stopped. */
export interface AlarmSettings {
  /** On the number of failed invocations. @default - none */
  readonly errors?: MetricAlarmSettings;
  /** On the p95 of the duration, in milliseconds. @default - none */
  readonly latency?: MetricAlarmSettings;
  /** Names of alarms that are there already. */
  readonly own: readonly string[];
}

/** Strategies with one alias that serves stable and canary. */
const withAliasForAll: readonly Strategy[] = ["weighted-alias", "codedeploy-alias"];

/** What an alarm may look at. */
export function alarmScopesOf({ strategy }: Pick<ReleaseFile, "strategy">): readonly AlarmScope[] {
  if (runsContainers({ strategy })) return targetGroups;
  return withAliasForAll.includes(strategy) ? ["version", "alias"] : ["version"];
}

/** The alarms of a release. @returns nothing where the file asks for none */
export function alarmsOf(file: Pick<ReleaseFile, "strategy" | "alarms">): AlarmSettings | undefined {
  const inFile = file.alarms ?? (isMovedByCodeDeploy(file) ? alarms.parse({}) : undefined);
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
    on: on ?? alarmScopesOf(file),
  };
}
