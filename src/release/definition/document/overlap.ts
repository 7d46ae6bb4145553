/** Stands in a request for any text of one part of its path. */
export const anyPart = "\0";

/**
 * Whether a pattern of AWS matches one of the requests that another pattern stands for.
 *
 * @param pattern `*` is any text, also with slashes, and `?` one character
 * @param request the same, and `anyPart` is any text without slashes
 */
export function overlap(pattern: string, request: string): boolean {
  const known = new Map<number, boolean>();
  const from = (at: number, to: number): boolean => {
    const key = at * (request.length + 1) + to;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = meet(at, to);
    known.set(key, found);
    return found;
  };
  const meet = (at: number, to: number): boolean => {
    const [a, b] = [pattern[at], request[to]];
    if (a === undefined && b === undefined) return true;
    // What stands for any text may stand for none, or for the next character of the other.
    if (a === "*" && (from(at + 1, to) || (b !== undefined && from(at, to + 1)))) return true;
    if (b === "*" || b === anyPart) {
      if (from(at, to + 1)) return true;
      return a !== undefined && a !== "*" && (b === "*" || a !== "/") && from(at + 1, to);
    }
    if (a === undefined || b === undefined) return false;
    return (a === b || a === "?") && from(at + 1, to + 1);
  };
  return from(0, 0);
}
