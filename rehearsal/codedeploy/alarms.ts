import { QueryEndpoint } from "./query-endpoint";
import { membersOf, within } from "./xml";

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

/** The alarms of CloudWatch's API at an endpoint. */
export class CloudWatchAlarms implements AlarmStates {
  private readonly endpoint: QueryEndpoint;

  constructor(url: string, region: string) {
    this.endpoint = new QueryEndpoint(url, "monitoring", region, "2010-08-01");
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
  async active(names: readonly string[]): Promise<string[]> {
    const input = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"], AlarmNames: names };
    const result = await this.endpoint.call("DescribeAlarms", input).catch((error: Error) => {
      throw new Error(`CloudWatch does not tell the state of alarms: ${error.message}`);
    });
    const told = ["MetricAlarms", "CompositeAlarms"].flatMap((kind) => membersOf(within(result, kind)));
    const states = new Map(told.map((alarm) => [within(alarm, "AlarmName"), within(alarm, "StateValue")]));
    return names.filter((name) => states.get(name) === "ALARM");
  }
}
