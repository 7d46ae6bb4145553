import { stripVTControlCharacters } from "node:util";

export type Output = Pick<NodeJS.WriteStream, "isTTY" | "columns">;

/**
 * Columns of a stream's terminal, else what COLUMNS says.
 *
 * @param unknown of a stream that is no terminal: a file or a pipe has lines of any length, so scripts find a whole
 *   line. @default - no limit
 */
export function widthOf({ isTTY, columns }: Output, unknown = Number.POSITIVE_INFINITY): number {
  if (isTTY && columns > 0) return columns;
  const told = Number(process.env["COLUMNS"]);
  if (Number.isInteger(told) && told > 0) return told;
  // Some terminals say that they have no columns.
  return isTTY ? 80 : unknown;
}

/**
 * Each line broken between words where it is wider than `width`; a word is never broken.
 *
 * @param indent of the lines that come of a broken one, in columns. @default - that of the line itself
 */
export function wrapped(text: string, width: number, indent?: number): string {
  return text
    .split("\n")
    .flatMap((line) => brokenLine(line, width, indent))
    .join("\n");
}

function brokenLine(line: string, width: number, indent = line.search(/\S|$/)): string[] {
  if (line.length <= width) return [line];
  const [first = "", ...words] = line.trim().split(" ");
  const lines = [" ".repeat(line.search(/\S|$/)) + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}

/** What is drawn in a colour, or one sign. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with ESC
const drawn = /\x1b\[[0-9;]*m|./gsu;

/**
 * A line of at most as many columns. Colours take no place.
 *
 * @param end of a line that was longer, one sign. @default `…`
 */
export function cut(line: string, width: number, end = "…"): string {
  if (stripVTControlCharacters(line).length <= width) return line;
  let room = width - 1;
  const kept = (line.match(drawn) ?? []).filter((part) => part.startsWith("\x1b") || room-- > 0);
  const last = kept.findLastIndex((part) => !part.startsWith("\x1b"));
  return [...kept.slice(0, last + 1), end, ...kept.slice(last + 1)].join("");
}
