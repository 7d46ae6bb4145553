import { posix } from "node:path";

/** Reads a file of one side by its path in the project. @returns `undefined` where it is not there */
type Read = (path: string) => string | undefined;

/**
 * The packages among a bundle's files that the lock files of two sides give in different versions:
 * `left-pad 1.2.0 -> 1.3.0`.
 *
 * @param inputs paths of a bundle's files, `node_modules/left-pad/index.js` among them
 */
export function changedPackages(inputs: readonly string[], base: Read, head: Read): string[] {
  const installed = new Set(inputs.flatMap((path) => installedIn(path) ?? []));
  const before = lockReader(base);
  const after = lockReader(head);
  return [...installed].sort().flatMap((folder) => {
    const [old, now] = [before(folder), after(folder)];
    if (old === undefined || now === undefined || old.named === now.named) return [];
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const change = old.version === now.version ? now.version : `${old.version} -> ${now.version}`;
    return [`${name} ${change} in ${now.lock}`];
  });
}

/** The folder of the package that a file belongs to: `lambdas/shop/v1/node_modules/@one/two`. */
function installedIn(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

interface Locked {
  readonly version: string;
  /** What must be installed, to the bit. */
  readonly named: string;
  /** Path of the lock file. */
  readonly lock: string;
}

/** What a side's lock files say of the package of a folder; nothing where none speaks of it. */
function lockReader(read: Read): (folder: string) => Locked | undefined {
  const locks = new Map<string, Readonly<Record<string, LockEntry>>>();
  const entryIn = (lock: string, key: string) => {
    if (!locks.has(lock)) locks.set(lock, packagesOf(read(lock)));
    return locks.get(lock)?.[key];
  };
  return (folder) => {
    const parent = /^(.*?)\/?node_modules\//.exec(folder)?.[1];
    if (parent === undefined) return undefined;
    for (const above of withFoldersAbove(parent)) {
      const lock = posix.join(above, "package-lock.json");
      const found = entryIn(lock, posix.relative(above, folder));
      if (found === undefined) continue;
      const { version = "", integrity = "", resolved = "" } = found;
      return { version, named: [version, integrity || resolved].join(" "), lock };
    }
    return undefined;
  };
}

/** The lock file of a workspace stands above it. */
function withFoldersAbove(folder: string): readonly string[] {
  if (folder === "" || folder.endsWith("..")) return [folder];
  const above = posix.dirname(folder);
  return [folder, ...withFoldersAbove(above === "." ? "" : above)];
}

/** https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json */
interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
}

function packagesOf(text: string | undefined): Readonly<Record<string, LockEntry>> {
  try {
    return (JSON.parse(text ?? "{}") as { packages?: Record<string, LockEntry> }).packages ?? {};
  } catch {
    // npm refuses such a file itself.
    return {};
  }
}
