import { hasBoth, type Margin, marginAbove, nothing, plus, type ShareMinute, shareOf } from "./share-minute";
import { Wagers } from "./wagers";

/** How many times the odds of stable's requests to fail the canary's are, in the wager that expects most. */
const mostTimes = 200;
const wagerCount = 12;

/**
 * Evidence that the canary's requests fail more often than stable's.
 *
 * The claim that is tested: in no minute is a request more likely to fail because the canary answers it. Given how
 * many requests each answered and how many failed of both together, the canary's failures are then hypergeometric, or
 * fewer: how likely a failure is does not matter, nor whether it changes from minute to minute, nor the canary's
 * share. Of k failures, x of them the canary's, the wager on t-fold odds multiplies its capital by
 *
 *     t^x / (1 + (t - 1) s)^k        s: the canary's share of the minute's requests
 *
 * whose mean is at most 1: 1 + (t - 1) s to the k-th is the mean of t^x for a binomial x, which is not below that of a
 * hypergeometric one (Hoeffding 1963, theorem 4). It is the conditional test of Lindon and Malek, "Anytime-valid
 * inference for multinomial count data", 2022, and of the safe logrank test (ter Schure, Pérez-Ortiz, Ly, Grünwald,
 * 2020), exact for any share, few failures and any number of requests in a minute.
 */
export class FailsMore {
  private readonly times: readonly number[];
  private readonly wagers: Wagers;
  private tendency = 0;
  private window: ShareMinute = { stable: nothing, canary: nothing };

  constructor(private readonly margin: Margin) {
    const least = Math.max(1.1, Math.sqrt(1 + margin.relative));
    const ratio = (mostTimes / least) ** (1 / (wagerCount - 1));
    this.times = Array.from({ length: wagerCount }, (_, index) => least * ratio ** index);
    this.wagers = new Wagers(wagerCount, true);
  }

  add(minute: ShareMinute): void {
    if (!hasBoth(minute)) return;
    this.wagers.add(this.factors(minute));
    this.follow(minute, factorOf(minute, Math.max(1.5, 1 + this.margin.relative)));
  }

  get logEvidence(): number {
    return this.wagers.logEvidence;
  }

  /** What was counted in the minutes that speak against the canary, up to now. */
  get against(): ShareMinute {
    return this.window;
  }

  /** Whether the difference in those minutes is one that matters: a sure one may be too small to. */
  get matters(): boolean {
    const { stable, canary } = this.window;
    return canary.requests > 0 && shareOf(canary) >= marginAbove(shareOf(stable), this.margin);
  }

  /** In how many minutes with these mean counts a canary that fails so often is expected to be found. */
  minutesToFind(level: number, minute: ShareMinute): number {
    return this.wagers.minutesTo(level, this.factors(minute));
  }

  private factors(minute: ShareMinute): number[] {
    return this.times.map((times) => factorOf(minute, times));
  }

  /** Page's rule (1954): the window begins anew whenever what speaks against the canary is outweighed. */
  private follow(minute: ShareMinute, factor: number): void {
    if (this.tendency <= 0) this.window = { stable: nothing, canary: nothing };
    this.tendency = Math.max(0, this.tendency) + factor;
    const { stable, canary } = this.window;
    this.window = { stable: plus(stable, minute.stable), canary: plus(canary, minute.canary) };
  }
}

/** The logarithm of what the wager on so many times the odds multiplies its capital by. */
function factorOf({ stable, canary }: ShareMinute, times: number): number {
  const share = canary.requests / (stable.requests + canary.requests);
  const failed = stable.failed + canary.failed;
  return canary.failed * Math.log(times) - failed * Math.log1p((times - 1) * share);
}
