import type { AlarmMetric } from "./alarm-names";

/** The metrics that count requests and errors, and that measure how long an answer takes. */
export interface MetricSource extends Readonly<Record<AlarmMetric, string>> {
  /** Such as `AWS/Lambda`. */
  readonly namespace: string;
  /** Name of the metric that counts requests. */
  readonly requests: string;
  /** Milliseconds in one unit of the latency. */
  readonly latencyUnitMs: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const lambdaMetrics: MetricSource = {
  namespace: "AWS/Lambda",
  requests: "Invocations",
  errors: "Errors",
  latency: "Duration",
  latencyUnitMs: 1,
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export const loadBalancerMetrics: MetricSource = {
  namespace: "AWS/ApplicationELB",
  requests: "RequestCount",
  errors: "HTTPCode_Target_5XX_Count",
  latency: "TargetResponseTime",
  latencyUnitMs: 1000,
};
