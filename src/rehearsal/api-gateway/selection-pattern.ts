/** Flags of Java's that stand before a pattern, as JavaScript has them. */
const inlineFlags = /^\(\?([is]+)\)/;

/**
 * The pattern by which API Gateway chooses an integration response: Java's, which matches the whole of a status.
 *
 * @returns nothing where JavaScript does not know it
 */
export function selectionPattern(text: string): RegExp | undefined {
  const [all = "", flags = ""] = inlineFlags.exec(text) ?? [];
  try {
    return new RegExp(`^(?:${text.slice(all.length)})$`, [...new Set(flags)].join(""));
  } catch {
    return undefined;
  }
}
