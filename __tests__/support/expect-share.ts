import { binomialTest } from "../../src/traffic/binomial";

/**
 * @param tooUnlikely the chance that a right split is taken for a wrong one, at each check
 * @throws when a version's part of the answers is not its percent
 */
export function expectShare(
  counts: Readonly<Record<string, number>>,
  who: string,
  percent: number,
  tooUnlikely = 1e-6,
): void {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const chance = binomialTest(counts[who] ?? 0, total, percent / 100);
  if (chance < tooUnlikely) throw new Error(`${who} should have ${percent} % of ${JSON.stringify(counts)}`);
}
