import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** The files of a project, by paths relative to it: those on disk, those of a commit. */
export interface ProjectFiles {
  /** @returns `undefined` where it cannot be read */
  read(path: string): string | undefined;
  /** What a file that cannot be read must be, as the end of a sentence. @default - whether it is there is all that is known */
  trouble?(path: string): string;
  /** What stands in a folder, in an order that no machine changes; nothing where it is not there. */
  entries(folder: string): Entries;
}

export interface Entries {
  /** Without those whose names begin with a dot. */
  readonly folders: readonly string[];
  /** Names of the files in a folder. */
  readonly files: readonly string[];
  /** What is neither, such as a link that leads nowhere, without names that begin with a dot. @default - nothing */
  readonly others?: readonly string[];
  /** What the folder itself must be, where it cannot be read. @default - it was read, or is not there */
  readonly trouble?: string;
}

/** What is said of a file of which no more is known. */
export const notThere = "must exist and be readable";

/** @param project the folder that holds releases/ and lambdas/ */
export function filesOnDisk(project: string): ProjectFiles {
  return {
    read: (path) => textOf(join(project, path)).text,
    trouble: (path) => textOf(join(project, path)).trouble ?? notThere,
    entries: (folder) => entriesOf(join(project, folder)),
  };
}

/** The same files, one of them with another text. */
export function withText(files: ProjectFiles, changed: string, text: string): ProjectFiles {
  return { ...files, read: (path) => (path === changed ? text : files.read(path)) };
}

/** The same files, and others beside them. @param added text by path */
export function withFiles(files: ProjectFiles, added: ReadonlyMap<string, string>): ProjectFiles {
  const addedTo = (folder: string) =>
    [...added.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1).split("/"));
  const merged = (one: readonly string[], other: readonly string[]) =>
    [...new Set([...one, ...other])].sort();
  return {
    ...files,
    read: (path) => added.get(path) ?? files.read(path),
    entries: (folder) => {
      const there = files.entries(folder);
      const below = addedTo(folder);
      const names = (isFile: boolean) =>
        below.filter(({ length }) => (length === 1) === isFile).map(([name = ""]) => name);
      return {
        ...there,
        files: merged(there.files, names(true)),
        folders: merged(there.folders, names(false)),
      };
    },
  };
}

/** A byte order mark stays, and is no JSON. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(file: string): { readonly text?: string; readonly trouble?: string } {
  try {
    // To read a pipe would wait for somebody who writes to it.
    const kind = kindOf(statSync(file));
    if (kind !== "file") return { trouble: `must be a file, but is a ${kind}` };
    return { text: decoder.decode(readFileSync(file)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { trouble: "must be UTF-8 text" };
    if (code === "ELOOP") return { trouble: "must not be a circular link" };
    if (code !== "ENOENT") return { trouble: `must be readable: ${code}` };
    const isLink = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    return { trouble: isLink ? "must not be a broken link" : notThere };
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  if (stats.isFIFO()) return "pipe";
  return stats.isSocket() ? "socket" : "device";
}

function entriesOf(folder: string): Entries {
  const found: Record<string, string[]> = { folder: [], file: [], other: [] };
  const { names, trouble } = namesIn(folder);
  for (const name of names) {
    const kind = followedKind(join(folder, name));
    if (kind === "file" || !name.startsWith(".")) (found[kind] ?? found["other"])?.push(name);
  }
  const { folder: folders = [], file: files = [], other: others = [] } = found;
  return { folders, files, ...(others.length > 0 ? { others } : {}), ...(trouble ? { trouble } : {}) };
}

/** A link is taken for what it leads to. */
function followedKind(path: string): string {
  try {
    return kindOf(statSync(path));
  } catch {
    return "unknown";
  }
}

function namesIn(folder: string): { readonly names: readonly string[]; readonly trouble?: string } {
  try {
    return { names: readdirSync(folder).sort() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      names: [],
      ...(code === "ENOENT" || code === "ENOTDIR"
        ? {}
        : { trouble: `must be a folder that can be read: ${code}` }),
    };
  }
}
