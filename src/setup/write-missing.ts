import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../terminal/whole-file";

/**
 * Writes those of the files that a folder does not have.
 *
 * @param files text by path
 * @returns a line for each file: whether it was written, or was there and is kept as it is
 * @throws {NotWritten} with one line that names the file
 */
export function writeMissing(folder: string, files: ReadonlyMap<string, string>): string[] {
  return [...files].map(([path, text]) => {
    const file = join(folder, path);
    if (existsSync(file)) return `kept   ${path}`;
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text, { name: path });
    return `wrote  ${path}`;
  });
}
