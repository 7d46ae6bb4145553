/** In how many minutes on average a change for the worse is expected to begin, where it was not there at first. */
const minutesToChange = 1440;

/** The part of the stake that is laid in the first minute; the rest is laid in the minutes that follow. */
const atFirst = 0.5;

/**
 * Evidence against a claim, gathered minute by minute: the capital of somebody who bets against it, and began with 1.
 *
 * In each minute every wager multiplies its capital by a factor whose mean is at most 1 while the claim is true. So
 * the capital is a supermartingale, and the chance that it *ever* reaches 1/a is at most a (Ville 1939): one may look
 * as often as one likes. The stake is spread over the wagers, as in Robbins' mixtures (1970), and where `restarts` is
 * set over the minutes too, so that a version that fails from its second day on is found as well. See Ramdas,
 * Grünwald, Vovk, Shafer, "Game-theoretic statistics and safe anytime-valid inference", 2023.
 */
export class Wagers {
  /** The logarithm of each wager's capital, of what was laid on it so far. */
  private readonly laid: number[];
  /** What is not laid yet. */
  private rest = 1;

  /** @param count how many wagers share the stake alike @param restarts whether a part is kept for later minutes */
  constructor(
    readonly count: number,
    private readonly restarts: boolean,
  ) {
    this.laid = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  }

  /** Takes a minute. @param factors the logarithm of what each wager multiplies its capital by */
  add(factors: readonly number[]): void {
    const isFirst = this.rest === 1;
    const now = this.restarts ? (isFirst ? atFirst : this.rest / minutesToChange) : this.rest;
    this.rest -= now;
    const each = Math.log(now / this.count);
    for (const [index, before] of this.laid.entries())
      this.laid[index] = logOfSum([before, each]) + (factors[index] ?? 0);
  }

  /** The logarithm of the evidence: 0 at first, and at most log(1/a) for ever with a chance of 1 - a. */
  get logEvidence(): number {
    return logOfSum([...this.laid, Math.log(this.rest)]);
  }

  /**
   * In how many minutes the evidence is expected to reach a level.
   *
   * @param growth the logarithm of the factor that each wager is expected to have in a minute
   * @returns infinity where it is not expected to
   */
  minutesTo(level: number, growth: readonly number[]): number {
    // Nothing laid yet: the first minute lays it.
    const first = this.rest === 1 ? Math.log((this.restarts ? atFirst : 1) / this.count) : undefined;
    const each = this.laid.map((before, index) => {
      const grows = growth[index] ?? 0;
      const left = level - Math.max(first ?? before, this.later());
      return left <= 0 ? 0 : grows > 0 ? left / grows : Number.POSITIVE_INFINITY;
    });
    return Math.min(...each);
  }

  /** What the next minutes lay on each wager, where some is left. */
  private later(): number {
    return this.restarts && this.rest > 0
      ? Math.log(this.rest / minutesToChange / this.count)
      : Number.NEGATIVE_INFINITY;
  }
}

function logOfSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - largest), 0));
}
