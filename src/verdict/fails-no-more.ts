import { hasBoth, type Margin, marginAbove, type ShareMinute } from "./share-minute";
import { Wagers } from "./wagers";

/** The shares of failures that the wagers expect of both. */
const expectedShares = [0.00001, 0.0001, 0.0005, 0.002, 0.01, 0.05, 0.25];

/**
 * Evidence that the canary's requests fail no more often than stable's, by any difference that matters.
 *
 * The claim that is tested: in every minute, the canary's share of failures is above stable's by what matters or more.
 * A wager expects the share q of both. Of all pairs of shares in the claim, it takes the pair (a, b) that is nearest
 * to (q, q), as the relative entropy of Poisson counts says, weighted by the minute's requests n and m of stable and
 * canary. With x and y failures it multiplies its capital by
 *
 *     (q/a)^x e^(n (a - q)) (q/b)^y e^(m (b - q))
 *
 * whose mean is at most 1 for every pair in the claim, because the claim is convex: with shares (p, r) it is at most
 * the exponential of n (q - a)(p - a)/a + m (q - b)(r - b)/b, and that is not above 0 where (a, b) is the nearest. It
 * is the construction of Turner, Ly, Grünwald, "Generic e-variables for exact sequential k-sample tests", 2024 (and
 * Turner, Grünwald, "Exact anytime-valid confidence intervals for contingency tables", 2023), exact for any numbers of
 * requests.
 */
export class FailsNoMore {
  private readonly wagers = new Wagers(expectedShares.length, false);

  constructor(private readonly margin: Margin) {}

  add(minute: ShareMinute): void {
    if (hasBoth(minute)) this.wagers.add(this.factors(minute));
  }

  get logEvidence(): number {
    return this.wagers.logEvidence;
  }

  /** In how many minutes with these mean counts the evidence is expected to be there. */
  minutesToFind(level: number, minute: ShareMinute): number {
    return this.wagers.minutesTo(level, this.factors(minute));
  }

  private factors({ stable, canary }: ShareMinute): number[] {
    return expectedShares.map((expected) => {
      const a = this.nearest(expected, stable.requests, canary.requests);
      const b = marginAbove(a, this.margin);
      return (
        stable.failed * Math.log(expected / a) +
        stable.requests * (a - expected) +
        canary.failed * Math.log(expected / b) +
        canary.requests * (b - expected)
      );
    });
  }

  /**
   * Stable's share in the pair of the claim that is nearest. On its edge, b is a + points or a (1 + relative): for each
   * the place where what is gained on one side is lost on the other, or else the corner between the two.
   */
  private nearest(expected: number, stable: number, canary: number): number {
    const { points, relative } = this.margin;
    const all = stable + canary;
    const corner = relative === 0 ? Number.POSITIVE_INFINITY : points / relative;
    const below = expected - points;
    const byPoints = (below + Math.sqrt(below ** 2 + (4 * expected * points * stable) / all)) / 2;
    if (byPoints <= corner) return byPoints;
    return Math.max(corner, (expected * all) / (stable + canary * (1 + relative)));
  }
}
