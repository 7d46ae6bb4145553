import type { Permission } from "./permission";

/**
 * Whether one permission is within others as IAM would judge it: never true where IAM could refuse a call that the
 * one allows. Patterns that mean the same and are written otherwise may be called not covered.
 */
export function isCovered(action: string, resource: string, most: readonly Permission[]): boolean {
  return most.some(
    ({ actions, resources }) =>
      actions.some((one) => includesAction(one, action)) &&
      resources.some((one) => includesResource(one, resource)),
  );
}

/** IAM compares actions without their case, and resources with it. */
export function includesAction(wide: string, narrow: string): boolean {
  return includesPattern(wide.toLowerCase(), narrow.toLowerCase());
}

/**
 * By segment: a wildcard stands for characters of its own segment, and only at the end of an ARN surely for more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function includesResource(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === "*") return true;
  const [wides, narrows] = [segmentsOf(wide), segmentsOf(narrow)];
  if (wides.length !== 6 || narrows.length !== 6) return false;
  return wides.every((one, index) => includesPattern(one, narrows[index] ?? ""));
}

/** `arn`, partition, service, region, account, and the rest, which may have colons of its own: of a whole ARN six. */
function segmentsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Whether every text of the narrow pattern is one of the wide pattern. */
function includesPattern(wide: string, narrow: string): boolean {
  // By length of what is left of each: each pair is looked at once.
  const known = new Map<number, boolean>();
  const includes = (at: number, of: number): boolean => {
    const key = at * (narrow.length + 1) + of;
    const found = known.get(key) ?? judged(at, of);
    known.set(key, found);
    return found;
  };
  const judged = (at: number, of: number): boolean => {
    const [expected, given] = [wide[at], narrow[of]];
    if (expected === undefined) return given === undefined;
    if (expected === "*") {
      if (at === wide.length - 1 || includes(at + 1, of)) return true;
      return given !== undefined && !mayHaveColon(narrow, of) && includes(at, of + 1);
    }
    if (given === undefined || given === "*" || (expected === "?" && given === ":")) return false;
    return (expected === "?" || expected === given) && includes(at + 1, of + 1);
  };
  return includes(0, 0);
}

/** A colon, or a star at the end of a segment, for which IAM may take more segments. */
function mayHaveColon(pattern: string, at: number): boolean {
  if (pattern[at] === ":") return true;
  return pattern[at] === "*" && [undefined, ":"].includes(pattern[at + 1]);
}
