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

test("a table has a line for each version, with columns that line up", () => {
  expect(splitTable(observed({ v1: 895, v2: 105 }), expected)).toBe(
    [
      "version   requests    share       expected (95 %)   errors       p50       p95",
      "v1             895   89.5 %   90 % (88.1 to 91.8)        0   49.0 ms   94.0 ms   ██████████████████████",
      "v2             105   10.5 %    10 % (8.2 to 11.9)        0   47.0 ms   94.0 ms   ███",
    ].join("\n"),
  );
});

test("a terminal that is too narrow for the bars is shown the numbers alone", () => {
  const shown = splitTable(observed({ v1: 895, v2: 105 }), expected);
  const longest = Math.max(...shown.split("\n").map((line) => line.length));
  expect(fitted(shown, longest)).toBe(shown);
  expect(fitted(shown)).toBe(shown);
  const [, v1, v2] = fitted(shown, longest - 1).split("\n");
  expect([v1, v2]).toEqual([
    "v1             895   89.5 %   90 % (88.1 to 91.8)        0   49.0 ms   94.0 ms",
    "v2             105   10.5 %    10 % (8.2 to 11.9)        0   47.0 ms   94.0 ms",
  ]);
});

test("a table of nothing has no division by zero", () => {
  expect(table(["a", "b"], [])).toBe("a   b");
  expect(splitTable([], expected)).toContain(
    "v1               0   0.0 %   90 % (0.0 to 0.0)        0   -     -",
  );
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
    "The split is what the stage says: chance alone is as far off in 100 % of runs. No request failed.",
  );
  expect(verdict(observed({ v1: 1000 }, 1), expected).text).toMatch(
    /^1 request failed. The split is not what the stage says: chance alone gives it in \de-\d+ of runs.$/,
  );
});
