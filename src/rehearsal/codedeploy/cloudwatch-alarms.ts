import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import type { AlarmStates } from "./alarms";
import { localSettings } from "./local-endpoint";

/** A client for CloudWatch at an endpoint. LocalStack knows nothing of JSON there, in which the SDK asks by itself. */
export function localCloudWatch(url: string, region: string): CloudWatch {
  return new CloudWatch({ ...localSettings(url, region), protocol: AwsQueryProtocol });
}

/** The alarms of CloudWatch's API at an endpoint. */
export class CloudWatchAlarms implements AlarmStates {
  private readonly client: CloudWatch;

  constructor(url: string, region: string) {
    this.client = localCloudWatch(url, region);
  }

  async active(names: readonly string[]): Promise<string[]> {
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.client
      .describeAlarms({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"], AlarmNames: [...names] })
      .catch((error: Error) => {
        throw new Error(`CloudWatch does not tell the state of alarms: ${error.message}`);
      });
    const told = [...MetricAlarms, ...CompositeAlarms];
    const states = new Map(told.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
    return names.filter((name) => states.get(name) === "ALARM");
  }
}
