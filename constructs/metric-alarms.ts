import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { AlarmScope } from "../release/alarm-schema";
import type { AlarmSettings, MetricAlarmSettings } from "../release/alarms";

export interface MetricAlarmsProps {
  /** What the names of the alarms begin with. */
  readonly name: string;
  readonly alarms: AlarmSettings;
  /** Whether they look at a version, or at the alias with all that it serves. */
  readonly scope: AlarmScope;
  /** By which Lambda's metrics tell it: `FunctionName`, `Resource`, `ExecutedVersion`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The alarms on Lambda's errors and duration that a release asks for. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export class MetricAlarms extends Construct {
  /** Names of the alarms, known when they are there. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: MetricAlarmsProps) {
    super(scope, id);
    const { errors, latency } = props.alarms;
    this.names = [
      ...this.alarm("errors", errors, props, { metricName: "Errors", statistic: "Sum" }),
      ...this.alarm("latency", latency, props, { metricName: "Duration", extendedStatistic: "p95" }),
    ];
  }

  private alarm(
    id: string,
    settings: MetricAlarmSettings | undefined,
    { name, scope, dimensions }: MetricAlarmsProps,
    metric: Pick<CloudwatchMetricAlarmConfig, "metricName" | "statistic" | "extendedStatistic">,
  ): string[] {
    if (settings === undefined || !settings.on.includes(scope)) return [];
    const alarm = new CloudwatchMetricAlarm(this, id, {
      alarmName: `${name}-${id}`,
      namespace: "AWS/Lambda",
      ...metric,
      dimensions: { ...dimensions },
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: settings.threshold,
      period: settings.periodSeconds,
      evaluationPeriods: settings.evaluationPeriods,
      datapointsToAlarm: settings.datapointsToAlarm,
      treatMissingData: settings.treatMissingData,
    });
    return [alarm.alarmName];
  }
}
