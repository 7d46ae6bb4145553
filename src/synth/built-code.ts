import { readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Problem } from "../release/problem";
import { everyFileOf } from "./folder-files";
import type { PackageFiles } from "./handler-files";
import { unzippedProblems } from "./package-size";
import { zipEntries } from "./zip";

/** What is deployed as it is: a folder or a zip file of the project, and what is wrong with it. */
export interface BuiltPackage {
  readonly files: PackageFiles;
  /** The zip file itself. @default - it is a folder */
  readonly zip?: Uint8Array;
  /** Unix modes of its files. @default - it is a folder, all of whose files become executable */
  readonly modes?: ReadonlyMap<string, number | undefined>;
  readonly problems: readonly Problem[];
}

/**
 * Reads a folder or zip file byte for byte.
 *
 * @param path relative to the project
 * @param setting the setting that names it: `'code'`
 */
export async function readBuilt(project: string, path: string, setting: string): Promise<BuiltPackage> {
  const place = join(project, path);
  const kind = await stat(place).catch(() => undefined);
  if (kind === undefined || !(kind.isDirectory() || kind.isFile()))
    return refused(path, `must be a folder or a zip file: the function's ${setting} names it`);
  if (!(await isInside(project, place)))
    return refused(path, "must be in the project, but is a link that leads out of it");
  if (kind.isDirectory() === isZip(path))
    return refused(path, "must be a folder, or a zip file whose name ends with .zip or .jar");
  const found = isZip(path) ? fromZip(path, await readFile(place)) : await everyFileOf(project, path);
  if (found.files.size > 0 || found.problems.length > 0) return found;
  return refused(path, "must hold a file: Lambda takes no empty package");
}

/** Its name tells, so that a stack can be built before the file is read. */
export function isZip(path: string): boolean {
  return /\.(zip|jar)$/.test(path);
}

function refused(file: string, message: string): BuiltPackage {
  return { files: new Map(), problems: [{ file, field: [], message }] };
}

async function isInside(project: string, place: string): Promise<boolean> {
  const path = relative(await realpath(project), await realpath(place));
  return path !== ".." && !path.startsWith(`..${sep}`);
}

function fromZip(file: string, zip: Buffer): BuiltPackage {
  try {
    const entries = zipEntries(zip);
    const sizes = new Map(entries.map(({ path, bytes }) => [path, bytes]));
    const problems = unzippedProblems(file, sizes);
    if (problems.length > 0) return { files: new Map(), problems };
    return {
      files: new Map(entries.map(({ path, content }) => [path, content()])),
      modes: new Map(entries.map(({ path, mode }) => [path, mode])),
      zip,
      problems,
    };
  } catch (error) {
    return refused(file, `must be a zip file that can be read: ${(error as Error).message}`);
  }
}
