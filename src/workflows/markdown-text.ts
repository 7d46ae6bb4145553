import { printable } from "../terminal/printable";

/** A text as Markdown shows it unchanged: no emphasis, link, tag or code begins in it. On one line. */
export function markdownText(text: string): string {
  return printable(text)
    .replace(/[\\`*<>[\]~|]|\b_|_\b/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;");
}

/** The same, but what stands between backticks is code, as this project's own messages have it. */
export function proseText(text: string): string {
  const parts = text.split(/(`[^`]+`)/);
  return parts.map((part, index) => (index % 2 === 1 ? printable(part) : markdownText(part))).join("");
}

/** A text as HTML shows it unchanged, also inside of Markdown. On one line. */
export function htmlText(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
