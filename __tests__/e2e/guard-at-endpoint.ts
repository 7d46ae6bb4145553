import { setTimeout } from "node:timers/promises";
import type { Action } from "../../src/guard/decide";
import { readStops, type Stop, stopsParameter } from "../../src/release/steps/stops";
import { byForm, byHand, byName } from "./by-hand";

const accountId = "000000000000";
const region = "eu-central-1";

/** The guard of a release at a local AWS, and what wakes it. */
export class GuardAtEndpoint {
  /** @param release its name: `<service>-<environment>` */
  constructor(
    private readonly endpoint: string,
    private readonly release: string,
  ) {}

  /** Sets an alarm's state, until CloudWatch evaluates the alarm again. */
  async setAlarm(AlarmName: string, StateValue: "OK" | "ALARM", StateReason: string): Promise<void> {
    const fields = { AlarmName, StateValue, StateReason, Version: "2010-08-01" };
    await byForm(this.endpoint, "monitoring", { Action: "SetAlarmState", ...fields });
  }

  /**
   * Gives EventBridge the event of an alarm in ALARM, for its rules to choose by. LocalStack's CloudWatch sends none.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
   */
  async sendEvent(alarmName: string): Promise<void> {
    const { source, resources, detail, "detail-type": DetailType } = alarmEvent(alarmName);
    const entry = { Source: source, Resources: resources, DetailType, Detail: JSON.stringify(detail) };
    await byName(this.endpoint, "events", "AWSEvents.PutEvents", { Entries: [entry] });
  }

  /** Invokes it with the same event, and waits for what it does. */
  async wake(alarmName: string): Promise<Action> {
    const path = `/2015-03-31/functions/${this.release}-guard/invocations`;
    return (await byHand(this.endpoint, "lambda", "POST", path, alarmEvent(alarmName))) as Action;
  }

  /** What the parameter says, the latest stop first. */
  async stops(): Promise<readonly Stop[]> {
    return readStops((await this.parameter()).Value);
  }

  /** How often the parameter was written. */
  async writes(): Promise<number> {
    return (await this.parameter()).Version;
  }

  /** Waits until the event of an alarm is among those that it failed to handle: the schedule's fail too. */
  async isFailed(alarmName: string): Promise<boolean> {
    const QueueUrl = `${this.endpoint}/${accountId}/${this.release}-guard-failed`;
    for (let waited = 0; waited < 60; waited++) {
      const answer = await byName(this.endpoint, "sqs", "AmazonSQS.ReceiveMessage", { QueueUrl });
      const { Messages = [] } = answer as { Messages?: readonly { readonly Body: string }[] };
      if (Messages.some(({ Body }) => JSON.parse(Body).detail?.alarmName === alarmName)) return true;
      await setTimeout(1000);
    }
    return false;
  }

  private async parameter(): Promise<{ readonly Value: string; readonly Version: number }> {
    const answer = await byName(this.endpoint, "ssm", "AmazonSSM.GetParameter", {
      Name: stopsParameter(this.release),
    });
    return (answer as { Parameter: { Value: string; Version: number } }).Parameter;
  }
}

/** As EventBridge records it. */
function alarmEvent(alarmName: string) {
  const time = new Date().toISOString();
  const state = (value: string) => ({ value, reason: "Threshold Crossed", timestamp: time });
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: accountId,
    time,
    region,
    resources: [`arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`],
    detail: {
      alarmName,
      configuration: { metrics: [] },
      previousState: state("OK"),
      state: state("ALARM"),
    },
  };
}
