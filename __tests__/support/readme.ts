import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";

/** The pages whose commands, outputs and tables are held against what the project does. */
export const pages = [
  "README.md",
  "docs/command.md",
  "docs/deploying.md",
  "docs/extending.md",
  "docs/strategies.md",
  "docs/codedeploy.md",
  "docs/operating.md",
  "docs/permissions.md",
];

export interface Block {
  readonly language: string;
  readonly text: string;
  /** What the comment above the block says of it: `output npm start`, `file main.ts`. */
  readonly note?: string;
}

export function readPage(page: string): string {
  return readFileSync(join(projectFolder, page), "utf8");
}

/** The fenced blocks of all pages. */
export function shownBlocks(): Block[] {
  return pages.flatMap((page) => blocksOf(readPage(page)));
}

/** The fenced blocks of a text. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/(?:<!-- (.*?) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
    ([, note, language, content]) => ({
      language: language ?? "",
      text: content ?? "",
      note,
    }),
  );
}

/** The block below a comment of a page, also one that has blocks in it. */
export function blockBelow(page: string, note: string): string {
  const [, , text = ""] =
    new RegExp(`<!-- ${note} -->\\n(\`{3,})\\w+\\n([\\s\\S]*?)\\1\\n`).exec(readPage(page)) ?? [];
  return text;
}

/** What a page says under a heading. */
export function sectionOf(page: string, heading: string): string {
  const [, text = ""] = readPage(page).split(`\n## ${heading}\n`);
  return text.split("\n## ")[0] ?? "";
}

/** The commands of all pages, a line each. */
export function shownCommands(): string[] {
  return shownBlocks()
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().split("\n"));
}
