import type { FunctionsRelease, Release } from "../release";
import { accessMetric, isCountedInAccessLogs, type Metric } from "./access-metrics";
import { lambdaMetrics, loadBalancerMetrics } from "./metric-source";
import { type VerdictMetric, versionPlaceholder } from "./verdict";
import { type VersionCounts, versionCounts } from "./version-counts";

/** How long answers took. */
export interface LatencyMetric extends Metric {
  /** Milliseconds in one unit of it. */
  readonly unitMs: number;
}

/** The metrics by which one of two versions is compared with the other. */
export interface ComparedMetrics extends VersionCounts {
  /** How long its answers took. @default - several functions have one each, and percentiles cannot be added */
  readonly latency?: LatencyMetric;
  /** The user's own, in the order of the settings. */
  readonly own: readonly Metric[];
}

/**
 * Metrics that the release has anyway and that separate stable from the canary in CloudWatch.
 *
 * @param inAccessLogs whether requests are counted in the access logs. @default - as the release says
 */
export function comparedMetrics(
  release: FunctionsRelease,
  canary: string,
  inAccessLogs: boolean = isCountedInAccessLogs(release),
): { readonly stable: ComparedMetrics; readonly canary: ComparedMetrics } {
  const of = (role: "stable" | "canary"): ComparedMetrics => {
    const version = role === "stable" ? release.stable.name : canary;
    const counts = versionCounts(release, { version, role }, inAccessLogs);
    const [first, ...others] = counts.all;
    const duration = others.length === 0 && first && { ...first, metricName: lambdaMetrics.latency };
    const metric = inAccessLogs ? accessMetric(release.name, role, "Latency") : duration || undefined;
    const latency = metric && { ...metric, unitMs: lambdaMetrics.latencyUnitMs };
    return { ...counts, latency, own: release.verdict.metrics.map((metric) => ownMetric(metric, version)) };
  };
  return { stable: of("stable"), canary: of("canary") };
}

/** A version of containers, and the target group that its tasks are in. */
export interface VersionTargets {
  /** Its name in the file. */
  readonly version: string;
  /** ARN of the target group. */
  readonly targetGroupArn: string;
}

/** Two versions of containers behind a load balancer, of which the canary gets users of stable's. */
export interface ComparedTargets {
  /** The version that serves most users. */
  readonly stable: VersionTargets;
  /** The version on trial. */
  readonly canary: VersionTargets;
  /** ARN of the listener that users call, or of its rule. */
  readonly listenerArn: string;
}

/** The same of containers: what the load balancer counts of the target group of each version. */
export function comparedTargetGroups(
  { verdict }: Pick<Release, "verdict">,
  { stable, canary, listenerArn }: ComparedTargets,
): { readonly stable: ComparedMetrics; readonly canary: ComparedMetrics } {
  const { namespace, requests, errors, latency, latencyUnitMs: unitMs } = loadBalancerMetrics;
  const of = ({ version, targetGroupArn }: VersionTargets): ComparedMetrics => {
    const dimensions = {
      LoadBalancer: loadBalancerIn(listenerArn),
      TargetGroup: targetGroupArn.replace(/^.*:/, ""),
    };
    const metric = (metricName: string): Metric => ({ namespace, metricName, dimensions });
    return {
      of: "requests",
      all: [metric(requests)],
      failed: [metric(errors)],
      latency: { ...metric(latency), unitMs },
      own: verdict.metrics.map((one) => ownMetric(one, version)),
    };
  };
  return { stable: of(stable), canary: of(canary) };
}

/**
 * The dimension of a listener's or a rule's load balancer in CloudWatch.
 * `arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener-rule/app/shop-dev/50dc6c495c0c9188/f2f7dc8e/9683b2d0`
 */
function loadBalancerIn(listenerArn: string): string {
  return listenerArn.split("/").slice(1, 4).join("/");
}

function ownMetric({ name, namespace, dimensions }: VerdictMetric, version: string): Metric {
  const filled = Object.entries(dimensions).map(([key, value]) => [
    key,
    value.replaceAll(versionPlaceholder, version),
  ]);
  return { namespace, metricName: name, dimensions: Object.fromEntries(filled) };
}
