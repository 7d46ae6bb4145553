/** The chance of each number of hits, 0 to `trials`, when each trial hits with `probability`. */
function chances(trials: number, probability: number): Float64Array {
  const logFactorial = new Float64Array(trials + 1);
  for (let n = 2; n <= trials; n++) logFactorial[n] = (logFactorial[n - 1] as number) + Math.log(n);
  const all = logFactorial[trials] as number;
  const [ofHit, ofMiss] = [Math.log(probability), Math.log1p(-probability)];
  const found = new Float64Array(trials + 1);
  for (let hits = 0; hits <= trials; hits++) {
    const misses = trials - hits;
    const ways = all - (logFactorial[hits] as number) - (logFactorial[misses] as number);
    found[hits] = Math.exp(ways + times(hits, ofHit) + times(misses, ofMiss));
  }
  return found;
}

/** Zero times minus infinity is zero here: no hits at probability 0 are certain. */
function times(count: number, logarithm: number): number {
  return count === 0 ? 0 : count * logarithm;
}

/**
 * The chance of a number of hits that is as unlikely as this one or more: the exact two-sided binomial test.
 *
 * @param probability of a hit, 0 to 1
 */
export function binomialTest(hits: number, trials: number, probability: number): number {
  const all = chances(trials, probability);
  // Numbers of hits with the same chance differ in the last digits.
  const limit = (all[hits] as number) * (1 + 1e-7);
  let sum = 0;
  for (const chance of all) if (chance <= limit) sum += chance;
  return Math.min(1, sum);
}

/** The numbers of hits that 95 % of runs stay within. */
export function binomialInterval(trials: number, probability: number): { low: number; high: number } {
  let below = 0;
  let low = -1;
  for (const [hits, chance] of chances(trials, probability).entries()) {
    below += chance;
    if (low === -1 && below > 0.025) low = hits;
    if (below >= 0.975) return { low, high: hits };
  }
  return { low: Math.max(low, 0), high: trials };
}
