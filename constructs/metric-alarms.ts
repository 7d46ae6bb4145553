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
  /** What they look at. */
  readonly scope: AlarmScope;
  /** By which the metrics tell it, as `FunctionName`, `Resource`, `ExecutedVersion` do Lambda's. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whose metrics they are. @default - Lambda's */
  readonly source?: MetricSource;
}

/** What counts as an error, and what tells how long an answer takes. */
export interface MetricSource {
  readonly namespace: string;
  readonly errors: string;
  readonly latency: string;
  /** Milliseconds in one unit of the latency. */
  readonly latencyUnitMs: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const lambdaMetrics: MetricSource = {
  namespace: "AWS/Lambda",
  errors: "Errors",
  latency: "Duration",
  latencyUnitMs: 1,
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export const loadBalancerMetrics: MetricSource = {
  namespace: "AWS/ApplicationELB",
  errors: "HTTPCode_Target_5XX_Count",
  latency: "TargetResponseTime",
  latencyUnitMs: 1000,
};

/** The alarms on errors and duration that a release asks for. */
export class MetricAlarms extends Construct {
  /** Names of the alarms, known when they are there. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: MetricAlarmsProps) {
    super(scope, id);
    const { alarms, source = lambdaMetrics } = props;
    const { namespace, latencyUnitMs } = source;
    const latency = alarms.latency && {
      ...alarms.latency,
      threshold: alarms.latency.threshold / latencyUnitMs,
    };
    const errors = { namespace, metricName: source.errors, statistic: "Sum" };
    const duration = { namespace, metricName: source.latency, extendedStatistic: "p95" };
    this.names = [
      ...this.alarm("errors", alarms.errors, props, errors),
      ...this.alarm("latency", latency, props, duration),
    ];
  }

  private alarm(
    id: string,
    settings: MetricAlarmSettings | undefined,
    { name, scope, dimensions }: MetricAlarmsProps,
    metric: Pick<CloudwatchMetricAlarmConfig, "namespace" | "metricName" | "statistic" | "extendedStatistic">,
  ): string[] {
    if (settings === undefined || !settings.on.includes(scope)) return [];
    const alarm = new CloudwatchMetricAlarm(this, id, {
      alarmName: `${name}-${id}`,
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
