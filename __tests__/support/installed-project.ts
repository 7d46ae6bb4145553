import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./command";

/** Has this package found in a folder as if it was installed there, with what it stands beside: one copy of each. */
export function installIn(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(projectFolder, "node_modules")))
    if (!name.startsWith(".")) symlinkSync(join(projectFolder, "node_modules", name), join(modules, name));
  symlinkSync(projectFolder, join(modules, "lambda-release"));
}
