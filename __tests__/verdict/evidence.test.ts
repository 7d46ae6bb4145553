import { FailsMore } from "../../src/verdict/fails-more";
import { FailsNoMore } from "../../src/verdict/fails-no-more";
import { type Margin, marginAbove, type ShareMinute } from "../../src/verdict/share-minute";
import { UsuallySo } from "../../src/verdict/usually-so";

/**
 * What a test promises rests on one property: while its claim is true, the mean of its evidence is at most 1. Here it
 * is computed of every outcome that two minutes can have, and not drawn.
 */

interface Evidence {
  add(minute: ShareMinute): void;
  readonly logEvidence: number;
}

interface Shares {
  readonly stable: number;
  readonly canary: number;
}

/** Requests of each in the first minute, and in the second: another share, as after a step. */
const requests = [
  { stable: 9, canary: 2 },
  { stable: 4, canary: 5 },
];

function chance(count: number, of: number, share: number): number {
  let ways = 1;
  for (let index = 0; index < count; index++) ways *= (of - index) / (index + 1);
  return ways * share ** count * (1 - share) ** (of - count);
}

function outcomes({ stable, canary }: Shares, shares: Shares) {
  const all: { readonly minute: ShareMinute; readonly chance: number }[] = [];
  for (let x = 0; x <= stable; x++) {
    for (let y = 0; y <= canary; y++)
      all.push({
        minute: { stable: { requests: stable, failed: x }, canary: { requests: canary, failed: y } },
        chance: chance(x, stable, shares.stable) * chance(y, canary, shares.canary),
      });
  }
  return all;
}

function meanEvidence(test: () => Evidence, [first, second]: readonly [Shares, Shares]): number {
  const [one, other] = requests as [Shares, Shares];
  let mean = 0;
  for (const before of outcomes(one, first)) {
    for (const after of outcomes(other, second)) {
      const evidence = test();
      evidence.add(before.minute);
      evidence.add(after.minute);
      mean += before.chance * after.chance * Math.exp(evidence.logEvidence);
    }
  }
  return mean;
}

const margins: readonly Margin[] = [
  { points: 0.001, relative: 1 },
  { points: 0.05, relative: 0 },
  { points: 0, relative: 0.5 },
];
const stableShares = [0.001, 0.02, 0.1, 0.3];

describe.each(margins)("where $points and $relative of stable's share matter", (margin) => {
  test.each(stableShares)(
    "a canary that is like a stable of %d, or better, brings no evidence that it fails more",
    (share) => {
      const test = () => new FailsMore(margin);
      const alike = { stable: share, canary: share };
      expect(meanEvidence(test, [alike, alike])).toBeLessThanOrEqual(1 + 1e-9);
      // What both have in common changes from minute to minute.
      expect(meanEvidence(test, [alike, { stable: 0.6, canary: 0.6 }])).toBeLessThanOrEqual(1 + 1e-9);
      expect(meanEvidence(test, [alike, { stable: share, canary: share / 3 }])).toBeLessThanOrEqual(1 + 1e-9);
      expect(meanEvidence(test, [alike, { stable: share, canary: share * 3 }])).toBeGreaterThan(1);
    },
  );

  test.each(stableShares)(
    "a canary that is worse than a stable of %d by what matters brings none that it is as good",
    (share) => {
      const test = () => new FailsNoMore(margin);
      const least = { stable: share, canary: marginAbove(share, margin) };
      expect(meanEvidence(test, [least, least])).toBeLessThanOrEqual(1 + 1e-9);
      const other = { stable: 0.25, canary: marginAbove(0.25, margin) };
      expect(meanEvidence(test, [least, other])).toBeLessThanOrEqual(1 + 1e-9);
      const more = { stable: share, canary: marginAbove(share, margin) + 0.1 };
      expect(meanEvidence(test, [more, least])).toBeLessThanOrEqual(1 + 1e-9);
    },
  );
});

test.each([true, false])(
  "minutes that are so every second time bring no evidence: restarts %s",
  (restarts) => {
    const mean = (likely: number) => {
      let sum = 0;
      for (let all = 0; all < 2 ** 8; all++) {
        const evidence = new UsuallySo(restarts);
        let weight = 1;
        for (let minute = 0; minute < 8; minute++) {
          const isSo = (all >> minute) % 2 === 1;
          evidence.add(isSo);
          weight *= isSo ? likely : 1 - likely;
        }
        sum += weight * Math.exp(evidence.logEvidence);
      }
      return sum;
    };
    expect(mean(0.5)).toBeCloseTo(1, 9);
    expect(mean(0.2)).toBeLessThan(1);
    expect(mean(0.7)).toBeGreaterThan(1.5);
  },
);
