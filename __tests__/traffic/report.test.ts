import { table } from "../../src/terminal/table";
import { binomialInterval, binomialTest } from "../../src/traffic/binomial";
import { fitted, type Observation, splitTable, verdict } from "../../src/traffic/report";

describe("the binomial test", () => {
  /** As R's binom.test gives them. */
  test.each([
    [5, 10, 0.5, 1],
    [0, 10, 0.5, 0.001953125],
    [1, 10, 0.5, 0.021484375],
    [3, 10, 0.1, 0.0701908264],
    [0, 10, 0, 1],
    [1, 10, 0, 0],
    [10, 10, 1, 1],
  ])("%d of %d at %d has the probability %d", (hits, trials, probability, expected) => {
    expect(binomialTest(hits, trials, probability)).toBeCloseTo(expected, 9);
  });

  test("is exact for many trials", () => {
    expect(binomialTest(100_000, 1_000_000, 0.1)).toBeCloseTo(1, 6);
    expect(binomialTest(101_000, 1_000_000, 0.1)).toBeLessThan(0.001);
  });

  test.each([
    [1000, 0.1, { low: 82, high: 119 }],
    [1000, 0.9, { low: 881, high: 918 }],
    [10, 0, { low: 0, high: 0 }],
    [10, 1, { low: 10, high: 10 }],
    [0, 0.5, { low: 0, high: 0 }],
  ])("95 %% of runs of %d at %d stay within %j", (trials, probability, expected) => {
    expect(binomialInterval(trials, probability)).toEqual(expected);
  });
});

const expected = [
  { version: "v1", percent: 90 },
  { version: "v2", percent: 10 },
];
const observed = (counts: Record<string, number>, failed = 0): Observation[] =>
  Object.entries(counts).flatMap(([version, count]) =>
    Array.from({ length: count }, (_, index) => ({
      version,
      latencyMs: index % 100,
      failed: index < failed,
    })),
  );

const numbers = [
  "version  requests   share      expected (95 %)  errors    p50    p95",
  "v1            895  89.5 %  90 % (88.1 to 91.8)       0  49 ms  94 ms",
  "v2            105  10.5 %   10 % (8.2 to 11.9)       0  47 ms  94 ms",
];
/** That table with a bar at the end of each version's line. */
const withBars = (...bars: readonly string[]) =>
  numbers.map((line, index) => (index === 0 ? line : `${line}  ${bars[index - 1]}`)).join("\n");

test("a table has a line for each version, with columns that line up", () => {
  expect(splitTable(observed({ v1: 895, v2: 105 }), expected)).toBe(
    withBars("██████████████████████", "███"),
  );
});

test.each([
  [120, withBars("██████████████████████", "███")],
  [95, withBars("██████████████████████", "███")],
  [94, withBars("█████████████████████", "███")],
  [80, withBars("█████████", "█")],
  [75, withBars("████", "█")],
  [74, numbers.join("\n")],
  [undefined, withBars("█████████", "█")],
])("in %p columns the bars have the room that the numbers leave", (columns, shown) => {
  expect(fitted(splitTable(observed({ v1: 895, v2: 105 }), expected), columns)).toBe(shown);
});

test.each([
  [{ v1: 899_000, v2: 101_000 }, 0],
  [{ v1: 1000 }, 1],
  [{ v1: 1000, v2: 2000 }, 1000],
])("the table and the verdict of %j with %d failed fit in 80 columns", (counts, failed) => {
  const observations = observed(counts, failed);
  const shown = `${fitted(splitTable(observations, expected))}\n${verdict(observations, expected).text}`;
  expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("a table of nothing has no division by zero", () => {
  expect(table(["a", "b"], [])).toBe("a   b");
  expect(splitTable([], expected)).toContain("v1              0  0.0 %  90 % (0.0 to 0.0)       0  -    -");
});

test.each([
  [{ v1: 900, v2: 100 }, 0, true],
  [{ v1: 930, v2: 70 }, 0, true],
  [{ v1: 940, v2: 60 }, 0, false],
  [{ v1: 1000 }, 0, false],
  [{ v1: 900, v2: 100 }, 1, false],
  [{ v1: 899, v2: 100, v3: 1 }, 0, false],
])("%j with %d failed of each: plausible and without failures is %p", (counts, failed, ok) => {
  expect(verdict(observed(counts, failed), expected).ok).toBe(ok);
});

test("the verdict says what is wrong", () => {
  expect(verdict(observed({ v1: 900, v2: 100 }), expected).text).toBe(
    "The split is as expected: by chance, 100 % of runs are at least this far off.\nNo request failed.",
  );
  expect(verdict(observed({ v1: 1000 }, 1), expected).text).toMatch(
    /^1 request failed\.\nThe split is not as expected: by chance, only \de-\d+ of runs are this far off\.$/,
  );
});
