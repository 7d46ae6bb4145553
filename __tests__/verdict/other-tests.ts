import type { ShareMinute } from "../../src/verdict/share-minute";

/** What others judge a canary by, a minute at a time. */
export interface MinuteTest {
  /** @returns whether the canary is found worse by now */
  add(minute: ShareMinute): boolean;
}

/** A CloudWatch alarm on the canary's failed requests in a minute, as often as `times`. */
export class FailedInMinute implements MinuteTest {
  private found = 0;

  constructor(
    private readonly most: number,
    private readonly times = 1,
  ) {}

  add({ canary }: ShareMinute): boolean {
    if (canary.failed >= this.most) this.found += 1;
    return this.found >= this.times;
  }
}

/** Flagger's check of a share of successes: it counts the minutes below it, and rolls back at the fifth. */
export class SuccessShare implements MinuteTest {
  private found = 0;

  constructor(
    private readonly least = 0.99,
    private readonly times = 5,
  ) {}

  add({ canary }: ShareMinute): boolean {
    if (canary.requests > 0 && canary.failed / canary.requests > 1 - this.least) this.found += 1;
    return this.found >= this.times;
  }
}

/** How Kayenta is asked here: every so many minutes, about the last hour. */
const every = 5;
const window = 60;
const least = 10;
/** Its judge's confidence of 98 percent, on two sides, and its tolerance. */
const normal = 2.326;
const tolerance = 0.25;

/**
 * The Mann-Whitney test of Kayenta's judge on each minute's share of failures: the canary is too high where the
 * confidence interval of the shift begins above a quarter of its Hodges-Lehmann estimate.
 */
export class MannWhitney implements MinuteTest {
  private readonly stable: number[] = [];
  private readonly canary: number[] = [];
  private minutes = 0;

  add({ stable, canary }: ShareMinute): boolean {
    this.minutes += 1;
    keep(this.stable, stable.failed / Math.max(1, stable.requests));
    keep(this.canary, canary.failed / Math.max(1, canary.requests));
    return this.minutes >= least && this.minutes % every === 0 && this.isHigh();
  }

  private isHigh(): boolean {
    const count = this.canary.length;
    const low = count ** 2 / 2 - normal * Math.sqrt((count ** 2 * (2 * count + 1)) / 12);
    // A minute without a failure is above no other one: with so many the interval begins at 0 or below.
    if (this.canary.filter((one) => one === 0).length * count > low) return false;
    const differences = new Float64Array(count ** 2);
    for (const [index, one] of this.canary.entries())
      for (const [below, other] of this.stable.entries()) differences[index * count + below] = one - other;
    differences.sort();
    const lower = differences[Math.floor(low)] ?? Number.NEGATIVE_INFINITY;
    const estimate = differences[Math.floor(differences.length / 2)] ?? 0;
    return lower > tolerance * Math.abs(estimate) && lower > 0;
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > window) values.shift();
}

/**
 * The smallest number of failures in a minute whose alarm, as often as `times` in a day, is wrong in `most` of the
 * days at most: what somebody would set who knows the traffic and how often a good version fails.
 */
export function fewestFailures(requests: number, share: number, times: number, most: number): number {
  for (let failures = 1; ; failures++) {
    const inMinute = atLeast(failures, requests * share);
    if (atLeast(times, 1440 * inMinute) <= most) return failures;
  }
}

/** The chance of so many or more of rare events. */
function atLeast(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let index = 0; index < count; index++) {
    below += term;
    term *= mean / (index + 1);
  }
  return Math.max(0, 1 - below);
}
