/**
 * What a deployment is described by, so that those that move together are found again: `1 to 2`, and where several
 * parts move, when that began and which they are.
 *
 * @param move `1 to 2`
 * @param parts that move together. Empty where one deployment moves all
 */
export function shiftDescription(move: string, parts: readonly string[], now: Date): string {
  return parts.length === 0 ? move : `${move} at ${now.toISOString()}: ${parts.join(", ")}`;
}

/** The parts that move together. @returns nothing where a description tells of none */
export function partsIn(description: string): readonly string[] | undefined {
  return /^\S+ to \S+ at \S+Z: (.+)$/.exec(description)?.[1]?.split(", ");
}

/** Description of a deployment that takes back another one, which had succeeded. */
export function backDescription(deploymentId: string): string {
  return `back from ${deploymentId}`;
}

/** The deployment that one takes back, by its description. */
export function takenBackBy(description = ""): string | undefined {
  return /^back from (\S+)$/.exec(description)?.[1];
}
