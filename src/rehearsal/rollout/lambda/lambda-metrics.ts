import type { Invoked } from "../../lambda/invocation";
import { type Metrics, seriesOf } from "../metrics";

const namespace = "AWS/Lambda";

/** What of Lambda's metrics is played. */
export const playedMetrics = { [namespace]: ["Invocations", "Errors", "Duration"] };

/**
 * Tells CloudWatch of invocations as Lambda does, once for each set of dimensions:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export class LambdaMetrics {
  /** The series of each set of dimensions, by what was invoked. */
  private readonly known = new Map<
    string,
    readonly Record<"invocations" | "errors" | "duration", string>[]
  >();

  constructor(private readonly metrics: Metrics) {}

  /** @param count of invocations that were alike. @default 1 */
  record(invoked: Invoked, failed: boolean, durationMs: number, count = 1): void {
    for (const { invocations, errors, duration } of this.seriesOf(invoked)) {
      this.metrics.put(invocations, 1, count);
      this.metrics.put(errors, failed ? 1 : 0, count);
      // Rounded, so that a long shift keeps no number for each of its requests.
      this.metrics.put(duration, Math.round(durationMs * 10) / 10, count);
    }
  }

  private seriesOf({ functionName, qualifier, version }: Invoked) {
    const key = `${functionName}:${qualifier}:${version}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const FunctionName = functionName;
    const Resource = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
    const isAlias = qualifier !== undefined && !/^(\d+|\$LATEST)$/.test(qualifier);
    const dimensions: Record<string, string>[] = [
      { FunctionName },
      { FunctionName, Resource },
      ...(isAlias ? [{ FunctionName, Resource, ExecutedVersion: version }] : []),
    ];
    const series = dimensions.map((one) => ({
      invocations: seriesOf(namespace, "Invocations", one),
      errors: seriesOf(namespace, "Errors", one),
      duration: seriesOf(namespace, "Duration", one),
    }));
    this.known.set(key, series);
    return series;
  }
}
