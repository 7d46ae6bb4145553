import { isDeepStrictEqual } from "node:util";

/** The fields of two objects that differ, those that only one of them has counted. */
export function changedFields(before: object = {}, after: object = {}): string[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.filter((name) => !isDeepStrictEqual(old[name], now[name]));
}
