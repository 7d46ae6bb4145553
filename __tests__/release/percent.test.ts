import { Percent } from "../../src/release/percent";

test.each([0, 10, 33.333333, 99.999999, 100])("%d is a percent", (value) => {
  expect(Percent.of(value).value).toBe(value);
});

test.each([150, -3, 100.000001, 10.1234567, Number.NaN, Number.POSITIVE_INFINITY])("%d is none", (value) => {
  expect(() => Percent.of(value)).toThrow(
    `'percent' must be a number between 0 and 100 with at most 6 decimals, got ${value}`,
  );
});

test.each([
  [10, 90],
  [33.333333, 66.666667],
  [0.1, 99.9],
  [100, 0],
])("beside %d percent there are %d", (value, rest) => {
  expect(Percent.of(value).rest.value).toBe(rest);
});
