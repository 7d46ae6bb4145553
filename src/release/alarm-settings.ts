import type { AlarmScope } from "./schema/alarms";

/** An alarm on one metric of Lambda's, with a value for everything that has a default. */
export interface MetricAlarmSettings {
  /** Failed invocations, from 1, or milliseconds: the alarm is red at this value or above. */
  readonly threshold: number;
  /** Length of a period in seconds, a multiple of 60. */
  readonly periodSeconds: number;
  /** How many periods are looked at, 1 to 1440. */
  readonly evaluationPeriods: number;
  /** How many of them must be beyond the threshold, 1 to `evaluationPeriods`. */
  readonly datapointsToAlarm: number;
  /** What a period without an invocation counts as: `notBreaching` and the like. */
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
