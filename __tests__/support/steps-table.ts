import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";
import type { Files } from "./project";
import { pages, readPage } from "./readme";
import type { Step } from "./release-steps";

/** What a page shows between the marks of a stack's steps. */
export function shownTable(stack: string): string {
  return marked(stack).exec(readPage(pageOf(stack)))?.[1] ?? "";
}

/** Puts a table between the marks. */
export function writeTable(stack: string, table: string): void {
  const page = pageOf(stack);
  writeFileSync(
    join(projectFolder, page),
    readPage(page).replace(marked(stack), () => `<!-- steps ${stack} -->\n${table}<!-- end -->`),
  );
}

/**
 * The table of a stack's steps.
 *
 * @param summaries for each step what Terraform would add, change and destroy
 */
export function stepsTable(stack: string, steps: readonly Step[], summaries: readonly number[][]): string {
  const rows = steps.map((step, index) => {
    const [add, change, destroy] = summaries[index] ?? [];
    return [...told(step), `${add} to add, ${change} to change, ${destroy} to destroy`];
  });
  const head = ["step", "what changes", `\`npx cdktf diff ${stack}\``];
  return [row(head), "|---|---|---|\n", ...rows.map(row)].join("");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** The cells that need no plan: the name of a step, and what it changes of the file and the code. */
export function told([name, ...deployed]: Step): [string, string] {
  return [name, difference(deployed.at(-2), deployed.at(-1) ?? {})];
}

function difference(before: Files | undefined, after: Files): string {
  if (before === undefined) return "everything is new";
  return Object.keys(after)
    .filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]))
    .map((path) => {
      const [from, to] = [before[path], after[path]];
      return typeof from === "object" && typeof to === "object" ? fields(from, to) : `\`${path}\``;
    })
    .join("; ");
}

function fields(before: object, after: object): string {
  const old = new Map(Object.entries(before).map(([name, value]) => [name, inline(value)]));
  const given = Object.entries(after).filter(([name, value]) => old.get(name) !== inline(value));
  const gone = [...old.keys()].filter((name) => !(name in after));
  return [
    ...given.map(([name, value]) => `\`"${name}": ${inline(value)}\``),
    ...gone.map((name) => `without \`"${name}"\``),
  ].join(", ");
}

/** JSON in one line, with the spaces that a reader expects, and without images and fingerprints, which a reader skips. */
function inline(value: unknown): string {
  const text = JSON.stringify(value, null, 1).replace(/"([^"]*@sha256:[0-9a-f]{64}|[0-9a-f]{16})"/g, '"..."');
  return text.replace(/\n */g, " ").replace(/\[ /g, "[").replace(/ \]/g, "]");
}

function pageOf(stack: string): string {
  const page = pages.find((one) => marked(stack).test(readPage(one)));
  if (page === undefined) throw new Error(`no page has the marks <!-- steps ${stack} -->`);
  return page;
}

function marked(stack: string): RegExp {
  return new RegExp(`<!-- steps ${stack} -->\\n([^]*?)<!-- end -->`);
}
