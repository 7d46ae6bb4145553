/** How the version on trial is compared with stable. */
export interface VerdictSettings {
  /** Which difference matters: the larger of the two. */
  readonly smallestDifference: {
    /** Of the shares of failed answers, in percentage points. 0 leaves it to the other. */
    readonly points: number;
    /** By how many percent of stable's share: 100 is a doubling. 0 leaves it to the other. */
    readonly relativePercent: number;
  };
  /** How often, in percent, a version that is no worse than stable is called worse, however often one looks. */
  readonly falseWorsePercent: number;
  /** How often, in percent, a version that is worse by what matters is called as good. */
  readonly falseAsGoodPercent: number;
  /** How many requests the canary must have answered before it is called as good. */
  readonly leastRequests: number;
  /** Whether p50 and p95 are compared. */
  readonly latency: false | { readonly slowerPercent: number };
  /** The user's own metrics. */
  readonly metrics: readonly VerdictMetric[];
}

/** A metric of your own, with a dimension whose values are the versions. */
export interface VerdictMetric {
  /** Its name in CloudWatch. */
  readonly name: string;
  /** Its namespace in CloudWatch. */
  readonly namespace: string;
  /** Values may hold `{version}`, and at least one does. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** CloudWatch's statistic of each minute: `Sum`, `Average`, `p95`. */
  readonly statistic: string;
  /** What is better. */
  readonly direction: "lower" | "higher";
  /** By how many percent of stable's value a difference matters. */
  readonly differencePercent: number;
}

/** What a value of a dimension holds in place of the version's name. */
export const versionPlaceholder = "{version}";

export const defaultVerdict: VerdictSettings = {
  smallestDifference: { points: 0.1, relativePercent: 100 },
  falseWorsePercent: 1,
  falseAsGoodPercent: 5,
  leastRequests: 100,
  latency: { slowerPercent: 20 },
  metrics: [],
};
