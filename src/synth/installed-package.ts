import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The package.json of a package, where a module finds it; nothing where it is not installed. One copy has one path. */
export function manifestOf(module: string, name: string): string | undefined {
  for (const folder of createRequire(module).resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (existsSync(file)) return realpathSync(file);
  }
  return undefined;
}

/** Whether a project finds another copy of a package than this one does. */
export function isAnotherCopy(project: string, name: string): boolean {
  const [theirs, own] = [manifestOf(join(project, "main.ts"), name), manifestOf(__filename, name)];
  return theirs !== undefined && own !== undefined && theirs !== own;
}
