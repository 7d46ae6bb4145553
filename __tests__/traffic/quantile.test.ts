import { quantile } from "../../src/traffic/quantile";
import { splitTable } from "../../src/traffic/report";

const oneToTwenty = Array.from({ length: 20 }, (_, index) => 20 - index);

test.each<[string, readonly number[] | ReadonlyMap<number, number>, number, number | undefined]>([
  ["nothing", [], 0.5, undefined],
  ["nothing that is counted", new Map(), 0.5, undefined],
  ["one value", [7], 0.95, 7],
  ["an odd number of values", [9, 10, 1], 0.5, 9],
  ["an even number of values", [4, 1, 3, 2], 0.5, 2],
  ["twenty values, of which one is slow", oneToTwenty, 0.95, 19],
  ["no part of the values", oneToTwenty, 0, 1],
  ["all values", oneToTwenty, 1, 20],
  [
    "values that came often",
    new Map([
      [100, 5],
      [5, 95],
    ]),
    0.95,
    5,
  ],
  [
    "values that came too often",
    new Map([
      [100, 6],
      [5, 94],
    ]),
    0.95,
    100,
  ],
])("the quantile of %s", (_, values, part, expected) => {
  expect(quantile(values, part)).toBe(expected);
});

test("a cold start among twenty requests is not in the p95 of a run", () => {
  const observations = Array.from({ length: 20 }, (_, index) => ({
    version: "v1",
    latencyMs: index === 0 ? 900 : 5,
    failed: false,
  }));
  expect(splitTable(observations, [{ version: "v1", percent: 100 }])).toMatch(/5\.0 ms +5\.0 ms/);
});
