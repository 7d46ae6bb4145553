/**
 * The least value that a part of all values does not exceed, by the nearest rank: one cold start among twenty requests
 * is none of the 95 %.
 *
 * @param values a list, or how often each value came
 * @param part from 0 to 1
 * @returns `undefined` where there are no values
 */
export function quantile(
  values: readonly number[] | ReadonlyMap<number, number>,
  part: number,
): number | undefined {
  const counted =
    values instanceof Map
      ? [...values.entries()]
      : Array.from(values as number[], (one) => [one, 1] as const);
  const all = counted.reduce((sum, [, times]) => sum + times, 0);
  let left = Math.max(1, Math.ceil(all * part));
  const found = counted
    .sort(([a], [b]) => a - b)
    .find(([, times]) => {
      left -= times;
      return left <= 0;
    });
  return found?.[0];
}
