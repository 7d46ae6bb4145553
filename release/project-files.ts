import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files of a project, by paths relative to it: those on disk, those of a commit. */
export interface ProjectFiles {
  /** @returns `undefined` where it cannot be read */
  read(path: string): string | undefined;
  /** The files and visible folders of a folder, in an order that no machine changes; nothing where it cannot be read. */
  entries(folder: string): Entries;
}

export interface Entries {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** @param project the folder that holds releases/ and lambdas/ */
export function filesOnDisk(project: string): ProjectFiles {
  return {
    read(path) {
      try {
        return readFileSync(join(project, path), "utf8");
      } catch {
        return undefined;
      }
    },
    entries: (folder) => entriesOf(join(project, folder)),
  };
}

/** The same files, one of them with another text. */
export function withText(files: ProjectFiles, changed: string, text: string): ProjectFiles {
  return { ...files, read: (path) => (path === changed ? text : files.read(path)) };
}

function entriesOf(folder: string): Entries {
  const found = { folders: [] as string[], files: [] as string[] };
  for (const entry of readFolder(folder)) {
    // A link is taken for what it leads to.
    const kind = entry.isSymbolicLink()
      ? statSync(join(folder, entry.name), { throwIfNoEntry: false })
      : entry;
    if (kind?.isFile()) found.files.push(entry.name);
    else if (kind?.isDirectory() && !entry.name.startsWith(".")) found.folders.push(entry.name);
  }
  return found;
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
