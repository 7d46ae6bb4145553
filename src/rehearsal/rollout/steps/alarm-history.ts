import type { RedAlarm } from "../../../guard/decide";
import type { Clock } from "../../codedeploy/clock";
import type { AlarmState } from "../alarm-state";
import { type MetricAlarm, told } from "../metric-alarm";
import type { AlarmChange } from "../shift";

/** The states of alarms and their changes, as CloudWatch tells them. */
export class AlarmHistory {
  readonly changes: AlarmChange[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly alarms: readonly MetricAlarm[],
  ) {}

  add(alarm: string, state: AlarmState, before: AlarmState): void {
    this.changes.push({ at: this.clock.now(), alarm, state, before });
  }

  /** Those of the alarms that are in ALARM. */
  red(names: readonly string[]): RedAlarm[] {
    return names.flatMap((name) => {
      const last = this.changes.findLast(({ alarm }) => alarm === name);
      return last?.state === "ALARM" ? [{ name, since: last.at, reason: this.reasonOf(name) }] : [];
    });
  }

  /** The state of one, and since when. @returns nothing for one that is not evaluated here */
  stateOf(
    name: string,
  ): { readonly state: AlarmState; readonly since?: Date; readonly reason: string } | undefined {
    if (!this.alarms.some((one) => one.name === name)) return undefined;
    const last = this.changes.findLast(({ alarm }) => alarm === name);
    return { state: last?.state ?? "INSUFFICIENT_DATA", since: last?.at, reason: this.reasonOf(name) };
  }

  private reasonOf(name: string): string {
    const alarm = this.alarms.find((one) => one.name === name);
    return alarm === undefined ? "" : `Threshold Crossed: ${told(alarm)}`;
  }
}
