import type { AlarmStates } from "../codedeploy/alarms";
import { type AlarmState, stateOf } from "./alarm-state";
import { datapointsOf, type MetricAlarm } from "./metric-alarm";
import type { Metrics } from "./metrics";
import { minute } from "./time";

export interface MetricAlarmsOptions {
  readonly alarms: readonly MetricAlarm[];
  readonly metrics: Metrics;
  /** How many minutes the metrics come late. */
  readonly lateMinutes: number;
  /** Is told each state that an alarm comes into. @default - nobody is */
  readonly onChange?: (alarm: string, state: AlarmState, before: AlarmState) => void;
}

/** Alarms on metrics, as CloudWatch keeps their states. */
export class MetricAlarms implements AlarmStates {
  private readonly states = new Map<string, AlarmState>();

  constructor(private readonly options: MetricAlarmsOptions) {}

  /** Ends a minute, and evaluates each alarm. */
  evaluate(): void {
    const { alarms, metrics, lateMinutes, onChange } = this.options;
    metrics.endMinute();
    for (const alarm of alarms) {
      const before = this.states.get(alarm.name) ?? "INSUFFICIENT_DATA";
      const state = stateOf(datapointsOf(alarm, metrics, lateMinutes), alarm, before);
      this.states.set(alarm.name, state);
      if (state !== before) onChange?.(alarm.name, state, before);
    }
  }

  async active(names: readonly string[]): Promise<string[]> {
    return names.filter((name) => this.states.get(name) === "ALARM");
  }
}

/** For how long alarms look back, at least 2 minutes and at most an hour: so long there is traffic before users are moved. */
export function lookBackMs(alarms: readonly MetricAlarm[]): number {
  const minutes = alarms.map(({ evaluationPeriods, periodMinutes }) => evaluationPeriods * periodMinutes);
  return Math.min(60, Math.max(2, ...minutes)) * minute;
}
