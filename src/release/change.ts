import { type Edit, edited } from "./edit";
import { isEditOf } from "./edited-value";
import { readService } from "./file";
import { formatProblem } from "./problem";
import { type ReadRelease, Unable } from "./project";
import { withText } from "./project-files";
import type { ReleaseContext } from "./release-context";
import type { Traffic } from "./split";
import { trafficOf } from "./traffic";
import { Refusal } from "./transitions";
import { replaceFile } from "./write-file";

/** What a verb makes of a release file, before it is written. */
export interface Change {
  readonly read: ReadRelease;
  /** The file's new text. */
  readonly text: string;
  /** The release that it says. */
  readonly after: ReleaseContext;
  readonly from: Traffic;
  readonly to: Traffic;
}

/**
 * @throws {Refusal} where the file would not be valid any more
 * @throws {Unable} where the new text would say anything but the old one with these edits
 */
export function changeOf(read: ReadRelease, edits: readonly Edit[]): Change {
  const text = edited(read.text, edits);
  if (!isEditOf(read.text, text, edits))
    throw new Unable(
      `${read.path} cannot be edited: the new text would change more or less than it should; nothing is written. Edit it by hand, and report this file`,
    );
  const { environment, service } = read.context;
  const { context, problems } = readService(withText(read.files, read.path, text), environment.name, service);
  if (context === undefined || problems.length > 0)
    throw new Refusal(["the file would not be valid:", ...problems.map(formatProblem)].join("\n  "));
  return { read, text, after: context, from: trafficOf(read.context.file), to: trafficOf(context.file) };
}

export function writeChange({ read, text }: Change): void {
  replaceFile(read.project, read.path, read.text, text);
}
