import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Installation } from "./npm-install";

/** What npm writes down of what it installed. */
interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

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
  const { packages } = JSON.parse(readFileSync(list, "utf8")) as { packages: Record<string, Entry> };
  const first = `node_modules/${name}`;
  if (packages[first] === undefined) return undefined;
  const files = new Map<string, Uint8Array>();
  for (const folder of withDependencies(packages, first)) {
    for (const path of await pathsBelow(join(home, folder)))
      files.set(posix.join(folder, path), await readFile(join(home, folder, path)));
  }
  return files;
}

function withDependencies(packages: Readonly<Record<string, Entry>>, first: string): readonly string[] {
  const found = new Set([first]);
  for (const folder of found) {
    const { dependencies, optionalDependencies, peerDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const needed = nearest(packages, folder, name);
      // What is optional, or for another system, is not installed.
      if (needed !== undefined) found.add(needed);
    }
  }
  return [...found].sort();
}

/** Where Node finds a package from the folder of another one. */
function nearest(
  packages: Readonly<Record<string, Entry>>,
  folder: string,
  name: string,
): string | undefined {
  const here = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
  if (packages[here] !== undefined) return here;
  return folder === ""
    ? undefined
    : nearest(packages, folder.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ""), name);
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
