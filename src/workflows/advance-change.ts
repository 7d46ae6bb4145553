import type { Advance } from "../live/advance";
import { type Change, changeOf, editsOf } from "../release/files/change";
import type { ReadRelease } from "../release/files/project";
import { next, rollback } from "../release/transitions";
import { commitMessage } from "../review/commit-message";

/** What becomes of a file whose release goes on by itself, or is worse. */
export interface AdvanceChange {
  readonly change: Change;
  /** As the verbs propose it. */
  readonly commit: string;
}

/**
 * The edits of `next`, or of `rollback`.
 *
 * @returns nothing where the file stays as it is
 * @throws {Refusal} where the file does not allow it
 */
export function advanceChange(read: ReadRelease, { is, why }: Advance, now: Date): AdvanceChange | undefined {
  if (is !== "goes on" && is !== "worse") return undefined;
  const verb = is === "goes on" ? next : rollback;
  const change = changeOf(
    read,
    editsOf(read, (state) => verb(state, { now })),
  );
  return { change, commit: commitMessage(change, is === "worse" ? why : undefined) };
}
