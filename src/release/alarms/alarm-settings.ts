import type { AlarmScope, AnswersScope } from "./alarm-scopes";

/** The kinds of alarms of a release, one for each field of `alarms`. */
export const alarmKinds = ["errors", "latency", "answers", "own"] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** When an alarm is in ALARM. */
export interface AlarmPeriods {
  /** Length of a period in seconds, a multiple of 60. */
  readonly periodSeconds: number;
  /** How many periods are evaluated, 1 to 1440. */
  readonly evaluationPeriods: number;
  /** How many of them must be beyond the threshold, 1 to `evaluationPeriods`. */
  readonly datapointsToAlarm: number;
  /** What a period without an invocation counts as: `notBreaching` and the like. */
  readonly treatMissingData: string;
}

/** An alarm on one metric of Lambda's, with a value for everything that has a default. */
export interface MetricAlarmSettings extends AlarmPeriods {
  /** Failed invocations, from 1, or milliseconds: the alarm is red at this value or above. */
  readonly threshold: number;
  /** What it watches: each gets an alarm. */
  readonly on: readonly AlarmScope[];
}

/** How many failed answers are too many: the alarm is red at this value or above. */
export type AnswersLimit =
  /** Answers in a period, from 1. */
  | { readonly by: "count"; readonly threshold: number }
  /** Percent of the answers in a period that has so many requests. */
  | { readonly by: "percent"; readonly threshold: number; readonly leastRequests: number }
  /** Percentage points above the same share of stable's answers. */
  | { readonly by: "points above stable"; readonly threshold: number; readonly leastRequests: number };

/** The alarm on answers of 500 and above. */
export interface AnswersAlarmSettings extends AlarmPeriods {
  /** From how many failed answers on it is in ALARM. */
  readonly limit: AnswersLimit;
  /** Whose answers: an alarm is made for each. */
  readonly on: readonly AnswersScope[];
}

/** The alarms by which a shift is stopped. */
export interface AlarmSettings {
  /** On the number of failed invocations. @default - none */
  readonly errors?: MetricAlarmSettings;
  /** On the p95 of the duration, in milliseconds. @default - none */
  readonly latency?: MetricAlarmSettings;
  /** On answers of 500 and above. @default - none */
  readonly answers?: AnswersAlarmSettings;
  /** Names of alarms that are there already. */
  readonly own: readonly string[];
}
