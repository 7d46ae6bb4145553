import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";

export interface Block {
  readonly language: string;
  readonly text: string;
  /** What the comment above the block says of it: `output npm start`, `file main.ts`. */
  readonly note?: string;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(projectFolder, page), "utf8");
  return [...text.matchAll(/(?:<!-- (.*?) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map(
    ([, note, language, content]) => ({
      language: language ?? "",
      text: content ?? "",
      note,
    }),
  );
}

/** The commands of a page, a line each. */
export function commandsOf(page: string): string[] {
  return blocksOf(page)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().split("\n"));
}
