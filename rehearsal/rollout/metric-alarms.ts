import type { AlarmStates } from "../codedeploy/alarms";
import { type AlarmState, stateOf } from "./alarm-state";
import { datapointsOf, type MetricAlarm } from "./metric-alarm";
import type { Metrics } from "./metrics";

/** Alarms on metrics, as CloudWatch keeps their states. */
export class MetricAlarms implements AlarmStates {
  private readonly states = new Map<string, AlarmState>();

  /** @param onChange is told each state that an alarm comes into */
  constructor(
    private readonly alarms: readonly MetricAlarm[],
    private readonly metrics: Metrics,
    private readonly onChange: (alarm: string, state: AlarmState, before: AlarmState) => void = () => {},
  ) {}

  /** Ends a minute, and evaluates each alarm. */
  evaluate(): void {
    this.metrics.endMinute();
    for (const alarm of this.alarms) {
      const before = this.states.get(alarm.name) ?? "INSUFFICIENT_DATA";
      const state = stateOf(datapointsOf(alarm, this.metrics), alarm, before);
      this.states.set(alarm.name, state);
      if (state !== before) this.onChange(alarm.name, state, before);
    }
  }

  async active(names: readonly string[]): Promise<string[]> {
    return names.filter((name) => this.states.get(name) === "ALARM");
  }
}
