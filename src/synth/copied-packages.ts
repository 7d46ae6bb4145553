import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type LockPackages, nearestPackage, neededBy } from "./lock-packages";
import type { Installation } from "./npm-install";

/**
 * The files of an installed package and of all that it depends on, as they are, by their paths in a function's
 * package. @returns nothing where it is not installed
 */
export async function copiedPackage(
  { home }: Installation,
  name: string,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const list = join(home, "node_modules/.package-lock.json");
  if (!existsSync(list)) return undefined;
  const { packages } = JSON.parse(readFileSync(list, "utf8")) as { packages: LockPackages };
  const first = `node_modules/${name}`;
  if (packages[first] === undefined) return undefined;
  const files = new Map<string, Uint8Array>();
  for (const folder of withDependencies(packages, first)) {
    for (const path of await pathsBelow(join(home, folder)))
      files.set(posix.join(folder, path), await readFile(join(home, folder, path)));
  }
  return files;
}

function withDependencies(packages: LockPackages, first: string): readonly string[] {
  const found = new Set([first]);
  for (const folder of found) {
    for (const name of neededBy(packages[folder] ?? {})) {
      const needed = nearestPackage(packages, folder, name);
      // What is optional, or for another system, is not installed.
      if (needed !== undefined) found.add(needed);
    }
  }
  return [...found].sort();
}

/** Without packages within it, which are there for themselves. */
async function pathsBelow(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = posix.join(below, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && entry.name !== "node_modules")
      found.push(...(await pathsBelow(folder, path)));
  }
  return found;
}
