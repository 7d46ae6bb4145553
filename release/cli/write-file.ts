import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Unable } from "./project";

/**
 * Puts another text in a file's place: whoever reads it, whenever this is killed, finds the old text or the new.
 *
 * @param path of the file, relative to the project
 * @param before what the file held when it was read
 * @throws {Unable} where somebody has changed it since, or it cannot be written; it then holds what it held
 */
export function replaceFile(project: string, path: string, before: string, text: string): void {
  const file = join(project, path);
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, "wx", statSync(file).mode);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (readFileSync(file, "utf8") !== before)
      throw new Unable(`${path} was changed by somebody else meanwhile: nothing is written`);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof Unable) throw error;
    throw new Unable(
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
    );
  }
}
