/**
 * Whether a text is as a pattern of AWS says: `*` stands for any text, `?` for one character. Each `*` is tried with
 * the least text first, and only the last one is tried again: no pattern takes more steps than pattern times text.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [at, read] = [0, 0];
  let star = -1;
  let resume = 0;
  while (read < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = read;
    } else if (pattern[at] === "?" || pattern[at] === text[read]) {
      at++;
      read++;
    } else if (star !== -1) {
      at = star + 1;
      read = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
