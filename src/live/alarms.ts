import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { alarmNamesOf } from "../release/alarms/alarm-names";
import type { Environment } from "../release/environment/environment";
import { guardAlarmName, guardTroubles } from "../release/guard";
import type { Release } from "../release/release";
import { AwsError } from "./aws-error";
import { type Account, clientOf, signIn } from "./clients";

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
  return alarmStates(await signIn(environment), names);
}

/** A release's alarms, as far as AWS tells them. */
export interface ToldAlarms {
  readonly alarms: readonly LiveAlarm[];
  /** The alarms on its guard itself. @default - it has no guard */
  readonly guardAlarms?: readonly LiveAlarm[];
  /** Why AWS does not tell the alarms. @default - it does, or there are none */
  readonly alarmTrouble?: string;
}

/** Who serves is told even where the credentials may not see alarms. */
export async function toldAlarms(account: Account, release: Release): Promise<ToldAlarms> {
  const { made, own } = alarmNamesOf(
    release,
    release.versions.map(({ name }) => name),
  );
  const hasGuard = release.versionKind !== "container" && release.guard !== undefined;
  const ofGuard = hasGuard ? guardTroubles.map((trouble) => guardAlarmName(release.name, trouble)) : [];
  const names = [...made, ...own];
  try {
    const states = await alarmStates(account, [...names, ...ofGuard]);
    const guardAlarms = hasGuard ? states.slice(names.length) : undefined;
    return { alarms: states.slice(0, names.length), guardAlarms };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { alarms: [], alarmTrouble: error.message };
  }
}

/** A line for each alarm that is not there. */
export function missingAlarms({ alarms }: ToldAlarms): string[] {
  const missing = alarms.filter(({ state }) => state === "missing");
  return missing.map(({ name }) => `the alarm ${name} is missing in AWS`);
}

/** The alarms of these names, in their order. */
export async function alarmStates(account: Account, names: readonly string[]): Promise<readonly LiveAlarm[]> {
  const client = clientOf(CloudWatchClient, account, "cloudwatch");
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
