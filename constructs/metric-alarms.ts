import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { type AlarmMetric, metricAlarmsOn } from "../src/release/alarms/alarm-names";
import type { AlarmSettings } from "../src/release/alarms/alarm-settings";
import { lambdaMetrics, type MetricSource } from "../src/release/alarms/metric-source";
import type { Watched } from "../src/release/alarms/watched";

export interface MetricAlarmsProps {
  /** Which alarms the file asks for. */
  readonly alarms: AlarmSettings;
  /** What they look at, and what their names begin with. */
  readonly watched: Watched;
  /** By which the metrics tell it, as `FunctionName`, `Resource`, `ExecutedVersion` do Lambda's. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whose metrics they are. @default - Lambda's */
  readonly source?: MetricSource;
}

const statistics: Readonly<
  Record<AlarmMetric, Pick<CloudwatchMetricAlarmConfig, "statistic" | "extendedStatistic">>
> = { errors: { statistic: "Sum" }, latency: { extendedStatistic: "p95" } };

/** The alarms on errors and duration that a release asks for. */
export class MetricAlarms extends Construct {
  /** Names of the alarms, known when they are there. */
  readonly names: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { alarms, watched, dimensions, source = lambdaMetrics }: MetricAlarmsProps,
  ) {
    super(scope, id);
    const { namespace, latencyUnitMs } = source;
    this.names = metricAlarmsOn(alarms, watched).map(({ name, metric, settings }) => {
      const alarm = new CloudwatchMetricAlarm(this, metric, {
        alarmName: name,
        namespace,
        metricName: source[metric],
        ...statistics[metric],
        dimensions: { ...dimensions },
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: metric === "latency" ? settings.threshold / latencyUnitMs : settings.threshold,
        period: settings.periodSeconds,
        evaluationPeriods: settings.evaluationPeriods,
        datapointsToAlarm: settings.datapointsToAlarm,
        treatMissingData: settings.treatMissingData,
      });
      return alarm.alarmName;
    });
  }
}
