import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import type { Environment } from "../release/environment";
import { type Aws, clientSettings, connect, disconnect, tellingErrors } from "./clients";

/** An alarm as CloudWatch sees it at this moment. */
export interface LiveAlarm {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA" | "missing";
  /** Since when it is in that state. */
  readonly since?: Date;
  /** Why, in CloudWatch's words, in one line. */
  readonly reason?: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const mostNames = 100;

/** The alarms of these names, in their order, in the account and region of an environment. */
export async function readAlarms(
  environment: Environment,
  names: readonly string[],
): Promise<readonly LiveAlarm[]> {
  const aws = await connect(environment);
  try {
    return await alarmStates(aws, names);
  } finally {
    disconnect(aws);
  }
}

/** The same, where AWS is asked other things too. */
export async function alarmStates({ region }: Aws, names: readonly string[]): Promise<readonly LiveAlarm[]> {
  const client = tellingErrors(new CloudWatchClient({ ...clientSettings, region }), "cloudwatch");
  try {
    const found = new Map<string, LiveAlarm>();
    for (let first = 0; first < names.length; first += mostNames) {
      for (const alarm of await described(client, names.slice(first, first + mostNames)))
        found.set(alarm.name, alarm);
    }
    return names.map((name) => found.get(name) ?? { name, state: "missing" });
  } finally {
    client.destroy();
  }
}

async function described(client: CloudWatchClient, AlarmNames: string[]): Promise<LiveAlarm[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    // Without the types only metric alarms are told, without the number only 50.
    new DescribeAlarmsCommand({
      AlarmNames,
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: mostNames,
    }),
  );
  return [...MetricAlarms, ...CompositeAlarms].map(
    ({ AlarmName = "", StateValue = "INSUFFICIENT_DATA", StateReason, ...times }) => ({
      name: AlarmName,
      state: StateValue,
      // The second changes with each new evaluation too.
      since: times.StateTransitionedTimestamp ?? times.StateUpdatedTimestamp,
      reason: StateReason?.replace(/\s+/g, " ").trim(),
    }),
  );
}
