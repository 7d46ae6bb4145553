import type { VerdictMetric, VerdictSettings } from "../release/alarms/verdict";
import type { Answer, Comparison, Levels } from "./comparison";
import { ShareComparison } from "./share-comparison";
import { nothing, plus, type ShareMinute } from "./share-minute";
import { ValueComparison, type ValueMinute } from "./value-comparison";

/** What was counted in a minute of stable and of the canary. */
export interface Minute extends ShareMinute {
  /** By percentile, in milliseconds. */
  readonly latency: Readonly<Record<LatencyPercentile, ValueMinute>>;
  /** The user's own metrics, in the order of the settings. A sum is of all requests of the minute. */
  readonly own: readonly ValueMinute[];
}

export const latencyPercentiles = ["p50", "p95"] as const;
export type LatencyPercentile = (typeof latencyPercentiles)[number];

/** A percentile of fewer requests is mostly chance. */
export const leastOfPercentile = 20;

/** Where fewer of the minutes have a percentile, it is not compared. */
const leastShareOfMinutes = 0.1;

export interface Verdict {
  readonly answer: Answer;
  /** How many minutes were compared. */
  readonly minutes: number;
  /** How many requests each answered in them. */
  readonly requests: { readonly stable: number; readonly canary: number };
  readonly comparisons: readonly Comparison[];
  /** What else keeps it from being as good. @default - nothing */
  readonly why?: string;
}

/** Whether a metric counts something, which is compared per request as failures are. */
function isCount({ statistic }: VerdictMetric): boolean {
  return statistic === "Sum";
}

/**
 * Compares a canary with stable, minute by minute. The chance that it ever finds a canary worse that is not is
 * `falseWorsePercent`, shared by all that is compared. *As good* needs that each comparison finds so.
 */
export class Trial {
  private readonly failures: ShareComparison;
  private readonly latency: readonly { readonly of: LatencyPercentile; readonly by: ValueComparison }[];
  private readonly own: readonly (ShareComparison | ValueComparison)[];
  private all: ShareMinute = { stable: nothing, canary: nothing };
  private minutes = 0;

  constructor(private readonly settings: VerdictSettings) {
    const { smallestDifference, latency, metrics } = settings;
    const percentiles = latency === false ? [] : latencyPercentiles;
    const levels = levelsOf(settings, 1 + percentiles.length + metrics.length);
    const margin = {
      points: smallestDifference.points / 100,
      relative: smallestDifference.relativePercent / 100,
    };
    this.failures = new ShareComparison("failed answers", margin, levels);
    this.latency = percentiles.map((of) => {
      const by = latency === false ? 0 : latency.slowerPercent / 100;
      return { of, by: new ValueComparison(of, { direction: "lower", by }, levels) };
    });
    this.own = metrics.map((metric) => {
      const by = metric.differencePercent / 100;
      return isCount(metric)
        ? new ShareComparison(metric.name, { points: 0, relative: by }, levels)
        : new ValueComparison(metric.name, { direction: metric.direction, by }, levels);
    });
  }

  add(minute: Minute): void {
    const { stable, canary } = minute;
    this.minutes += 1;
    this.all = { stable: plus(this.all.stable, stable), canary: plus(this.all.canary, canary) };
    this.failures.add({ stable, canary });
    for (const { of, by } of this.latency) by.add(minute.latency[of]);
    for (const [index, comparison] of this.own.entries()) {
      const values = minute.own[index] ?? {};
      if (comparison instanceof ValueComparison) comparison.add(values);
      else comparison.add(countsOf(minute, values, this.settings.metrics[index]));
    }
  }

  verdict(): Verdict {
    const { stable, canary } = this.all;
    const comparisons = [
      this.failures.result(),
      ...this.latency.map(({ by }) => this.withoutRarePercentile(by.result())),
      ...this.own.map((one, index) => turned(one.result(), this.settings.metrics[index])),
    ];
    const compared = comparisons.filter(({ leftOut }) => leftOut === undefined);
    const isWorse = compared.some(({ answer }) => answer === "worse");
    const isAsGood = compared.every(({ answer }) => answer === "as good");
    const { leastRequests } = this.settings;
    const why =
      isAsGood && canary.requests < leastRequests
        ? `the canary has answered ${canary.requests} of at least ${leastRequests} requests`
        : undefined;
    return {
      answer: isWorse ? "worse" : isAsGood && why === undefined ? "as good" : "not enough yet",
      minutes: this.minutes,
      requests: { stable: stable.requests, canary: canary.requests },
      comparisons,
      ...(why !== undefined && { why }),
    };
  }

  private withoutRarePercentile(comparison: Comparison): Comparison {
    const compared = comparison.minutes?.compared ?? 0;
    if (comparison.answer === "worse" || compared >= this.minutes * leastShareOfMinutes) return comparison;
    const leftOut = `fewer than ${leastOfPercentile} requests of each in most minutes`;
    return { ...comparison, answer: "not enough yet", leftOut };
  }
}

/** The verdict on these minutes. */
export function verdictOf(minutes: readonly Minute[], settings: VerdictSettings): Verdict {
  const trial = new Trial(settings);
  for (const minute of minutes) trial.add(minute);
  return trial.verdict();
}

/** The mistakes that may be made are shared by all comparisons: any one of them says *worse*. */
function levelsOf({ falseWorsePercent, falseAsGoodPercent }: VerdictSettings, comparisons: number): Levels {
  return {
    worse: (100 * comparisons) / falseWorsePercent,
    // All of them must say *as good*.
    asGood: 100 / falseAsGoodPercent,
  };
}

/** Where more is better, stable is the one that may have more of it: the two change places. */
function countsOf({ stable, canary }: ShareMinute, values: ValueMinute, metric?: VerdictMetric): ShareMinute {
  const ofStable = { requests: stable.requests, failed: values.stable ?? 0 };
  const ofCanary = { requests: canary.requests, failed: values.canary ?? 0 };
  return metric?.direction === "higher"
    ? { stable: ofCanary, canary: ofStable }
    : { stable: ofStable, canary: ofCanary };
}

function turned(comparison: Comparison, metric?: VerdictMetric): Comparison {
  if (metric?.direction !== "higher" || comparison.unit !== "share") return comparison;
  const { stable, canary, of, seen } = comparison;
  return {
    ...comparison,
    stable: canary,
    canary: stable,
    ...(of && { of: { stable: of.canary, canary: of.stable } }),
    ...(seen && { seen: { ...seen, stable: seen.canary, canary: seen.stable } }),
  };
}
