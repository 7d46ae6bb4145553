import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Problem } from "../release/problem";

/** Files by their paths, and what is wrong with others. */
export interface FoundFiles {
  readonly files: Map<string, Uint8Array>;
  readonly problems: Problem[];
}

/**
 * The files of a folder, without what is only of this machine; a link is taken for what it leads to.
 *
 * @param folder path in the project
 */
export function filesOf(project: string, folder: string): Promise<FoundFiles> {
  return filesBelow(project, folder, "", isPackaged);
}

/** Every file of a folder that is built elsewhere. A link is taken for what it leads to. */
export function everyFileOf(project: string, folder: string): Promise<FoundFiles> {
  return filesBelow(project, folder, "", (name) => name !== ".DS_Store");
}

/** What Python writes into a virtual environment, which is this machine's. */
const virtualEnvironment = "pyvenv.cfg";

/** Not what is only of this machine. */
function isPackaged(name: string): boolean {
  return !name.startsWith(".") && name !== "__pycache__" && !name.endsWith(".pyc");
}

/**
 * The files and folders of a function's folder that its settings name.
 *
 * @param folder path in the project
 * @param paths relative to the folder
 */
export async function assetsOf(
  project: string,
  folder: string,
  paths: readonly string[],
): Promise<FoundFiles> {
  const found: FoundFiles = { files: new Map(), problems: [] };
  for (const path of paths) {
    const file = join(project, folder, path);
    const kind = await stat(file).catch(() => undefined);
    if (kind?.isDirectory()) add(found, await filesBelow(project, folder, path, isPackaged));
    else if (kind?.isFile()) found.files.set(posix.normalize(path), await readFile(file));
    else
      found.problems.push({
        file: posix.join(folder, path),
        field: [],
        message: "must be a file or a folder: the function's 'assets' name it",
      });
  }
  return found;
}

/** @param above the real paths of the folders that this one is reached by */
async function filesBelow(
  project: string,
  folder: string,
  below: string,
  isTaken: (name: string) => boolean,
  above: readonly string[] = [],
): Promise<FoundFiles> {
  const found: FoundFiles = { files: new Map(), problems: [] };
  const problem = (path: string, message: string) =>
    found.problems.push({ file: posix.join(folder, path), field: [], message });
  const here = await realpath(join(project, folder, below));
  if (above.includes(here)) {
    problem(below, "must not be a link to a folder that it is in");
    return found;
  }
  for (const name of (await readdir(join(project, folder, below))).sort()) {
    if (!isTaken(name)) continue;
    const path = posix.join(below, name);
    const file = join(project, folder, path);
    const kind = await stat(file).catch(() => undefined);
    if (kind?.isDirectory()) {
      if (isTaken === isPackaged && existsSync(join(file, virtualEnvironment))) continue;
      add(found, await filesBelow(project, folder, path, isTaken, [...above, here]));
    } else if (kind?.isFile()) found.files.set(path, await readFile(file));
    else problem(path, "must be a file or a folder");
  }
  return found;
}

function add(all: FoundFiles, more: FoundFiles): void {
  for (const [path, content] of more.files) all.files.set(path, content);
  all.problems.push(...more.problems);
}
