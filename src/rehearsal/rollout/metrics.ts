import { quantile } from "../../traffic/quantile";

/** Values of a metric, each with how often it came. */
export type Values = ReadonlyMap<number, number>;

/** What CloudWatch keeps of metrics: their values, minute by minute. A minute ends when the alarms are evaluated. */
export class Metrics {
  private minute = 0;
  /** By series and minute. */
  private readonly series = new Map<string, Map<number, Map<number, number>>>();

  /** @param kept for how many minutes they are kept. @default - for all */
  constructor(private readonly kept = Number.POSITIVE_INFINITY) {}

  /** @param series as `seriesOf` names it */
  put(series: string, value: number, count = 1): void {
    if (count === 0) return;
    const minutes = this.series.get(series) ?? new Map<number, Map<number, number>>();
    const values = minutes.get(this.minute) ?? new Map<number, number>();
    if (values.size === 0) this.series.set(series, minutes.set(this.minute, values));
    values.set(value, (values.get(value) ?? 0) + count);
  }

  endMinute(): void {
    this.minute++;
    if (this.minute > this.kept)
      for (const minutes of this.series.values()) minutes.delete(this.minute - this.kept - 1);
  }

  /** How many minutes have ended. */
  get ended(): number {
    return this.minute;
  }

  /** The values of that many minutes that have ended. @param ago minutes between then and now. @default 0 */
  window(series: string, minutes: number, ago = 0): Values {
    const kept = this.series.get(series);
    const values = new Map<number, number>();
    const end = this.minute - ago;
    for (let minute = end - minutes; minute < end; minute++) {
      for (const [value, count] of kept?.get(minute) ?? []) {
        values.set(value, (values.get(value) ?? 0) + count);
      }
    }
    return values;
  }
}

/** Names the values of a metric that have exactly these dimensions. */
export function seriesOf(
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, metricName, sorted]);
}

/** @param name `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p95` @returns nothing where there are no values */
export function statistic(name: string, values: Values): number | undefined {
  if (values.size === 0) return undefined;
  const count = [...values.values()].reduce((sum, one) => sum + one, 0);
  const sum = [...values].reduce((total, [value, times]) => total + value * times, 0);
  if (name === "SampleCount") return count;
  if (name === "Sum") return sum;
  if (name === "Average") return sum / count;
  if (name === "Minimum") return Math.min(...values.keys());
  if (name === "Maximum") return Math.max(...values.keys());
  return quantile(values, Number(name.slice(1)) / 100);
}

/** Whether `statistic` knows it. */
export function isStatistic(name: string): boolean {
  return /^(SampleCount|Sum|Average|Minimum|Maximum|p(100|\d{1,2}(\.\d+)?))$/.test(name);
}
