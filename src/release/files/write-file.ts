import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NotWritten, writeAllWhole } from "../../terminal/whole-file";
import { Unable } from "./project";

/** Another text for a file. */
export interface Replacement {
  /** Path of the file, relative to the project. */
  readonly path: string;
  /** What the file held when it was read. */
  readonly before: string;
  /** The whole new text. */
  readonly text: string;
}

/**
 * Puts other texts in the places of files, of all or of none: whoever reads one, whenever this is killed, finds its old
 * text or its new one. What an editor, which knows no lock, writes between the last look and the renaming is lost: some
 * microseconds.
 *
 * @throws {Unable} where somebody has changed one since, or one cannot be written; all then hold what they held
 */
export function replaceFiles(project: string, replacements: readonly Replacement[]): void {
  try {
    writeAllWhole(
      replacements.map(({ path, before, text }) => {
        const file = join(project, path);
        return { file, text, name: path, isUnchanged: () => readFileSync(file, "utf8") === before };
      }),
    );
  } catch (error) {
    throw error instanceof NotWritten ? Unable.causedBy(error, error.message) : error;
  }
}
