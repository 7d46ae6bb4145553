import { formatProblem } from "../problem";
import type { Release } from "../release";
import type { Traffic } from "../split";
import { canaryPercent, trafficInFile, trafficOf } from "../traffic";
import { Refusal, type Transition } from "../verbs/transitions";
import { type Edit, edited } from "./edit";
import { isEditOf } from "./edited-value";
import { readService } from "./file";
import { type EditableFile, Unable } from "./project";
import { withText } from "./project-files";
import { replaceFiles } from "./write-file";

/** What a verb makes of a release file, before it is written. */
export interface Change {
  /** The file as it was read. */
  readonly read: EditableFile;
  /** The file's new text. */
  readonly text: string;
  /** The release that it says. */
  readonly after: Release;
  /** Who serves by the file as it is. */
  readonly from: Traffic;
  /** Who serves by the edited file. */
  readonly to: Traffic;
}

/** The edits that a verb makes of a file. @throws {Refusal} where the release does not allow the verb */
export function editsOf({ context }: EditableFile, transition: Transition): Edit[] {
  return transition(context);
}

/** The canary's share by a file that may have problems, 0 to 100. */
export function shareOnTrial({ context }: EditableFile): number {
  return canaryPercent(context.file);
}

/**
 * @throws {Refusal} where the file would not be valid any more
 * @throws {Unable} where the new text would say anything but the old one with these edits
 */
export function changeOf(read: EditableFile, edits: readonly Edit[]): Change {
  const text = edited(read.text, edits);
  if (!isEditOf(read.text, text, edits))
    throw new Unable(
      `${read.path} cannot be edited: the new text would change more or less than it should; nothing is written. Edit it by hand, and report this file`,
    );
  const { environment, service, file } = read.context;
  const { release, problems } = readService(withText(read.files, read.path, text), environment.name, service);
  if (release === undefined)
    throw new Refusal(["the file would not be valid:", ...problems.map(formatProblem)].join("\n  "));
  // The file before may have problems that these edits solve, and then says no release.
  return { read, text, after: release, from: trafficInFile(file), to: trafficOf(release) };
}

export function writeChange(change: Change): void {
  writeChanges([change]);
}

/** Writes the files of one project, all or none of them. */
export function writeChanges(changes: readonly Change[]): void {
  const [first] = changes;
  if (first === undefined) return;
  replaceFiles(
    first.read.project,
    changes.map(({ read, text }) => ({ path: read.path, before: read.text, text })),
  );
}
