/** What deployments ask of CloudWatch. */
export interface AlarmStates {
  /** Those of the alarms that are in ALARM. @throws when that cannot be told */
  active(names: readonly string[]): Promise<string[]>;
}

/** Alarms that whoever rehearses sets by hand. */
export class AlarmBoard implements AlarmStates {
  private readonly inAlarm = new Set<string>();

  set(name: string, state: "OK" | "ALARM"): void {
    if (state === "ALARM") this.inAlarm.add(name);
    else this.inAlarm.delete(name);
  }

  async active(names: readonly string[]): Promise<string[]> {
    return names.filter((name) => this.inAlarm.has(name));
  }
}
