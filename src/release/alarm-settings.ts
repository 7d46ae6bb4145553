import type { AlarmScope } from "./alarm-schema";

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
