import { accessMetric, isCountedInAccessLogs, type Metric } from "./access-metrics";
import type { FunctionsRelease } from "./release";
import { type VerdictMetric, versionPlaceholder } from "./verdict";
import { type VersionCounts, versionCounts } from "./version-counts";

/** The metrics by which one of two versions is compared with the other. */
export interface ComparedMetrics extends VersionCounts {
  /** How long its answers took. @default - several functions have one each, and percentiles cannot be added */
  readonly latency?: Metric;
  /** The user's own, in the order of the settings. */
  readonly own: readonly Metric[];
}

/**
 * What tells stable and the canary apart in CloudWatch, of what the release has anyway.
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
    const duration = others.length === 0 && first && { ...first, metricName: "Duration" };
    const latency = inAccessLogs ? accessMetric(release.name, role, "Latency") : duration || undefined;
    return { ...counts, latency, own: release.verdict.metrics.map((metric) => ownMetric(metric, version)) };
  };
  return { stable: of("stable"), canary: of("canary") };
}

function ownMetric({ name, namespace, dimensions }: VerdictMetric, version: string): Metric {
  const filled = Object.entries(dimensions).map(([key, value]) => [
    key,
    value.replaceAll(versionPlaceholder, version),
  ]);
  return { namespace, metricName: name, dimensions: Object.fromEntries(filled) };
}
