/**
 * What others wrote (names of files, answers of AWS, plans) is printed as text and does nothing: it moves no cursor,
 * hides no other text, and is no command of the log that reads it.
 */

/** Controls, what reorders text, and what ends a line elsewhere; all but the line break and the tab. */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** What this project's programs draw with: colours, lines that are written anew, the terminal's other screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with ESC
const drawing = /(\u001b\[(?:[0-79]?m|[0-9]{2}m|[0-9]*[AJK]|H|\?(?:25|7|1049)[hl])|^\r)/;

/** On one line: a line break is shown as `\u000a`. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped).replace(/\n/g, escaped);
}

/** As a block of code in Markdown, which nothing in the text ends. */
export function codeBlock(text: string, language = "text"): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return `${fence}${language}\n${text.split("\n").map(printable).join("\n")}\n${fence}`;
}

/**
 * Guards all that a program prints. Its own colours and redrawn lines pass. In a run of GitHub's, no line is a command:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function guardPrinting(): void {
  const isLog = process.env["GITHUB_ACTIONS"] === "true";
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = ((chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === "string" ? guarded(chunk, isLog) : chunk, ...rest)) as typeof stream.write;
  }
}

function guarded(text: string, isLog: boolean): string {
  const parts = text.split(drawing);
  const shown = parts
    .map((part, index) => (index % 2 === 1 ? part : part.replace(unprintable, escaped)))
    .join("");
  // As JSON, what is escaped is still the same value.
  return isLog ? shown.replace(/^(\s*):(?=:)/gm, "$1\\u003a").replaceAll("##[", "#\\u0023[") : shown;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
