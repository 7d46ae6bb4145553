import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { guardAlarmName, type guardTroubles } from "../src/release/guard";

export interface GuardAlarmsProps {
  /** Name of the guard's function. */
  readonly functionName: string;
  /** Name of the release. */
  readonly name: string;
  /** The service as people name it: `<environment>/<service>`. */
  readonly service: string;
  /** ARNs of the topics that are notified. */
  readonly topics: readonly string[];
}

type Watched = Omit<CloudwatchMetricAlarmConfig, "alarmName">;

/**
 * The alarms on the guard itself: it fails, Lambda throttles it, or nothing calls it any more. Each is an alarm of its
 * own, so its name says what is wrong: one with metric math would cost as much, because each metric in it is billed.
 * https://aws.amazon.com/cloudwatch/pricing/
 *
 * @returns their names
 */
export function addGuardAlarms(
  scope: Construct,
  { functionName, name, service, topics }: GuardAlarmsProps,
): readonly string[] {
  const alarm = (id: (typeof guardTroubles)[number], watched: Watched) =>
    new CloudwatchMetricAlarm(scope, id, {
      alarmName: guardAlarmName(name, id),
      namespace: "AWS/Lambda",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      period: 300,
      alarmActions: [...topics],
      ...watched,
    }).alarmName;
  const once: Watched = {
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
  };
  const errors = alarm("errors", {
    alarmDescription: `The guard of ${service} fails: nothing takes a bad version back`,
    metricName: "Errors",
    ...once,
  });
  // Lambda keeps a throttled event for six hours, and tries it again at growing intervals of up to five minutes.
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  const throttles = alarm("throttles", {
    alarmDescription: `Lambda throttles the guard of ${service}: it takes a bad version back late`,
    metricName: "Throttles",
    ...once,
  });
  // Without a call there is no data, and throttled ones are not counted either. CloudWatch looks before the first call
  // too, and runs the actions of a new alarm's first state: so it also says when the guard is called.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  const notCalled = alarm("not-called", {
    alarmDescription: `Nothing calls the guard of ${service}, not even its schedule: nothing takes a bad version back`,
    metricName: "Invocations",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 2,
    treatMissingData: "breaching",
    okActions: [...topics],
  });
  return [errors, throttles, notCalled];
}
