import { type Metrics, seriesOf } from "../metrics";

const namespace = "AWS/ApplicationELB";
const targetCounts = [2, 3, 4, 5].map((hundred) => `HTTPCode_Target_${hundred}XX_Count`);

/** What of a load balancer's metrics is played. */
export const playedMetrics = {
  [namespace]: ["RequestCount", ...targetCounts, "TargetResponseTime", "HTTPCode_ELB_5XX_Count"],
};

/** Who has answered: a target of a group, or else the load balancer itself. */
export interface Answerer {
  /** By which metrics tell it. */
  readonly loadBalancer: string;
  readonly targetGroup?: string;
}

/**
 * Tells CloudWatch of answers as a load balancer does: what has not happened is not counted as none.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export class LoadBalancerMetrics {
  /** The series of a metric, by who has answered. */
  private readonly known = new Map<string, readonly string[]>();

  constructor(private readonly metrics: Metrics) {}

  /** @param count of answers that were alike. @default 1 */
  record(answerer: Answerer, status: number, tookMs: number, count = 1): void {
    if (answerer.targetGroup === undefined) {
      this.put("HTTPCode_ELB_5XX_Count", answerer, 1, count);
      return;
    }
    this.put("RequestCount", answerer, 1, count);
    this.put(`HTTPCode_Target_${Math.floor(status / 100)}XX_Count`, answerer, 1, count);
    // In seconds, rounded, so that a long shift keeps no number for each of its requests.
    this.put("TargetResponseTime", answerer, Math.round(tookMs * 10) / 10_000, count);
  }

  private put(metric: string, answerer: Answerer, value: number, count: number): void {
    for (const series of this.seriesOf(metric, answerer)) this.metrics.put(series, value, count);
  }

  private seriesOf(metric: string, { loadBalancer: LoadBalancer, targetGroup: TargetGroup }: Answerer) {
    const key = `${metric} ${LoadBalancer} ${TargetGroup}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const dimensions: Record<string, string>[] = [{ LoadBalancer }];
    if (TargetGroup !== undefined) dimensions.push({ LoadBalancer, TargetGroup });
    const series = dimensions.map((one) => seriesOf(namespace, metric, one));
    this.known.set(key, series);
    return series;
  }
}
