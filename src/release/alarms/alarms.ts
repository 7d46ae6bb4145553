import type { ReleaseFile } from "../defaults";
import type { LimitInFile } from "./alarm-defaults";
import type { AlarmPeriods, AlarmSettings, AnswersLimit, MetricAlarmSettings } from "./alarm-settings";

/** The alarms of a release. @returns nothing where the file asks for none */
export function alarmsOf({ alarms }: Pick<ReleaseFile, "alarms">): AlarmSettings | undefined {
  if (alarms === undefined) return undefined;
  const { errors, latency, answers, own } = alarms;
  return {
    errors: errors === false ? undefined : settingsOf(errors, errors.threshold),
    latency: latency && settingsOf(latency, latency.p95Ms),
    answers: answers && { ...periodsOf(answers), limit: limitOf(answers), on: answers.on },
    own,
  };
}

function settingsOf(metric: Omit<MetricAlarmSettings, "threshold">, threshold: number): MetricAlarmSettings {
  return { threshold, ...periodsOf(metric), on: metric.on };
}

function periodsOf({ periodSeconds, evaluationPeriods, datapointsToAlarm, treatMissingData }: AlarmPeriods) {
  return { periodSeconds, evaluationPeriods, datapointsToAlarm, treatMissingData };
}

function limitOf({
  threshold = 1,
  percent,
  pointsAboveStable,
  leastRequests = 1,
}: LimitInFile): AnswersLimit {
  if (percent !== undefined) return { by: "percent", threshold: percent, leastRequests };
  if (pointsAboveStable === undefined) return { by: "count", threshold };
  return { by: "points above stable", threshold: pointsAboveStable, leastRequests };
}
