import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NotWritten, writeWhole } from "../../terminal/whole-file";
import { Unable } from "./project";

/**
 * Puts another text in a file's place: whoever reads it, whenever this is killed, finds the old text or the new.
 * What an editor, which knows no lock, writes between the last look and the renaming is lost: some microseconds.
 *
 * @param path of the file, relative to the project
 * @param before what the file held when it was read
 * @throws {Unable} where somebody has changed it since, or it cannot be written; it then holds what it held
 */
export function replaceFile(project: string, path: string, before: string, text: string): void {
  const file = join(project, path);
  try {
    writeWhole(file, text, { name: path, isUnchanged: () => readFileSync(file, "utf8") === before });
  } catch (error) {
    throw error instanceof NotWritten ? Unable.causedBy(error, error.message) : error;
  }
}
