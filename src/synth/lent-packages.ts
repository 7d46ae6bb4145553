import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * Lends a copy of a project the packages that are installed in the project: those of its own folder, those of a
 * workspace above it, and those of folders below lambdas/ whose packages are not installed by synthesis.
 *
 * @param prefix the project's path within its repository, all of which was copied; empty at its root
 */
export function linkPackages(project: string, copy: string, prefix: string): void {
  const above = prefix
    .split("/")
    .filter((name) => name !== "")
    .map((_, index) => "../".repeat(index + 1));
  for (const folder of ["", ...above, ...foldersBelow(project, "lambdas")]) {
    const [installed, lent] = [project, copy].map((root) => join(root, folder, "node_modules")) as [
      string,
      string,
    ];
    const isOwn = folder.startsWith("lambdas/") && existsSync(join(copy, folder, "package-lock.json"));
    if (existsSync(installed) && existsSync(join(copy, folder)) && !isOwn && !existsSync(lent))
      symlinkSync(installed, lent);
  }
}

function foldersBelow(project: string, folder: string): string[] {
  if (!existsSync(join(project, folder))) return [];
  const below = readdirSync(join(project, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
    .flatMap(({ name }) => foldersBelow(project, `${folder}/${name}`));
  return [folder, ...below];
}
