import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../terminal/whole-file";

export interface Written {
  readonly path: string;
  /** Whether it was there, and so was left as it is. */
  readonly isKept: boolean;
}

/**
 * Writes those of the files that a folder does not have.
 *
 * @param files text by path
 * @throws {NotWritten} with one line that names the file
 */
export function writeMissing(folder: string, files: ReadonlyMap<string, string>): Written[] {
  return [...files].map(([path, text]) => {
    const file = join(folder, path);
    const isKept = existsSync(file);
    if (!isKept) {
      mkdirSync(dirname(file), { recursive: true });
      writeWhole(file, text, { name: path });
    }
    return { path, isKept };
  });
}
