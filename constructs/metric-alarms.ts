import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { type AlarmMetric, metricAlarmsOn, type Watched } from "../release/alarm-names";
import type { AlarmSettings } from "../release/alarms";

export interface MetricAlarmsProps {
  readonly alarms: AlarmSettings;
  /** What they look at, and what their names begin with. */
  readonly watched: Watched;
  /** By which Lambda's metrics tell it: `FunctionName`, `Resource`, `ExecutedVersion`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const metrics: Readonly<
  Record<AlarmMetric, Pick<CloudwatchMetricAlarmConfig, "metricName" | "statistic" | "extendedStatistic">>
> = {
  errors: { metricName: "Errors", statistic: "Sum" },
  latency: { metricName: "Duration", extendedStatistic: "p95" },
};

/** The alarms on Lambda's errors and duration that a release asks for. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export class MetricAlarms extends Construct {
  /** Names of the alarms, known when they are there. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { alarms, watched, dimensions }: MetricAlarmsProps) {
    super(scope, id);
    this.names = metricAlarmsOn(alarms, watched).map(({ name, metric, settings }) => {
      const alarm = new CloudwatchMetricAlarm(this, metric, {
        alarmName: name,
        namespace: "AWS/Lambda",
        ...metrics[metric],
        dimensions: { ...dimensions },
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: settings.threshold,
        period: settings.periodSeconds,
        evaluationPeriods: settings.evaluationPeriods,
        datapointsToAlarm: settings.datapointsToAlarm,
        treatMissingData: settings.treatMissingData,
      });
      return alarm.alarmName;
    });
  }
}
