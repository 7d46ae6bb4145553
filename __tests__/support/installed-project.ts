import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";

const installed = join(projectFolder, "node_modules");

/**
 * Has this package found in a folder as if it was installed there, with what it stands beside: one copy of each.
 *
 * @param others by package, the folder of node_modules that takes its place. @default - none
 */
export function installIn(folder: string, others: Readonly<Record<string, string>> = {}): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  const scopes = new Set(Object.keys(others).map((name) => name.split("/")[0]));
  for (const name of readdirSync(installed)) {
    if (name.startsWith(".")) continue;
    if (!scopes.has(name)) {
      symlinkSync(join(installed, name), join(modules, name));
      continue;
    }
    mkdirSync(join(modules, name));
    for (const scoped of readdirSync(join(installed, name))) {
      const path = `${name}/${scoped}`;
      symlinkSync(join(installed, others[path] ?? path), join(modules, path));
    }
  }
  symlinkSync(projectFolder, join(modules, "lambda-release"));
}
