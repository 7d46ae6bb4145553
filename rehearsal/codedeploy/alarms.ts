import { LocalEndpoint } from "./local-endpoint";

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
  private readonly endpoint: LocalEndpoint;

  constructor(url: string, region: string) {
    this.endpoint = new LocalEndpoint(url, "monitoring", region);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
  async active(names: readonly string[]): Promise<string[]> {
    const parameters = new URLSearchParams({
      Action: "DescribeAlarms",
      Version: "2010-08-01",
      "AlarmTypes.member.1": "MetricAlarm",
      "AlarmTypes.member.2": "CompositeAlarm",
    });
    for (const [index, name] of names.entries()) parameters.set(`AlarmNames.member.${index + 1}`, name);
    const { ok, body } = await this.endpoint.request("/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: parameters.toString(),
    });
    if (!ok) throw new Error(`CloudWatch does not tell the state of alarms: ${body.slice(0, 200)}`);
    const told = body.matchAll(/<AlarmName>([^<]*)<\/AlarmName>[\s\S]*?<StateValue>(\w+)<\/StateValue>/g);
    const states = new Map([...told].map(([, name = "", state]) => [plain(name), state]));
    return names.filter((name) => states.get(name) === "ALARM");
  }
}

function plain(xml: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return xml.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? "");
}
