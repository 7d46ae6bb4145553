/** Where users go: to later versions, or back to earlier ones. */
export type Direction = "forward" | "back";

/**
 * @param versions all that are published, in their order
 * @param shares of each version before and after, 0 to 100
 * @returns nothing if no users go to another version
 */
export function directionOf(
  versions: readonly string[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Direction | undefined {
  // How far on the users are on the whole: a share is as much further as its version is later.
  const moved = versions.map(
    (version, index) => index * ((after.get(version) ?? 0) - (before.get(version) ?? 0)),
  );
  const sum = moved.reduce((all, one) => all + one, 0);
  if (sum === 0) return undefined;
  return sum > 0 ? "forward" : "back";
}
