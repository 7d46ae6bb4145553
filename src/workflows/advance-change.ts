import { type Advance, readAdvance } from "../live/advance";
import { type Asked, together } from "../live/advance-together";
import { type Change, changeOf, editsOf } from "../release/files/change";
import type { GoingTogether } from "../release/files/going-together";
import { type ReadRelease, readRelease } from "../release/files/project";
import { next, rollback } from "../release/verbs/transitions";
import { commitMessage, commonMessage } from "../review/commit-message";

/** A service in flight, its file, and what was found of it. */
export interface AskedService extends Asked {
  readonly read: ReadRelease;
}

/** What becomes of files whose releases go on by themselves, or are worse. */
export interface AdvanceChange {
  readonly changes: readonly Change[];
  /** As the verbs propose it. */
  readonly commit: string;
}

/** @returns those that are in flight @throws {Unable} where one of the files is not valid */
export async function askTogether({ services }: GoingTogether, now: Date): Promise<AskedService[]> {
  const asked: AskedService[] = [];
  for (const name of services) {
    const read = readRelease(name);
    const found = await readAdvance(read.release, now);
    if (found !== undefined) asked.push({ name, read, found });
  }
  return together(asked);
}

/**
 * The edits of `next`, or of `rollback`.
 *
 * @returns nothing where the files stay as they are
 * @throws {Refusal} where one of them does not allow it
 */
export function advanceChange(
  title: string,
  asked: readonly AskedService[],
  now: Date,
): AdvanceChange | undefined {
  const changes = asked.flatMap(({ read, found }) => changeBy(read, found, now) ?? []);
  const [first, ...others] = changes;
  if (first === undefined) return undefined;
  const why = asked.find(({ found }) => found.is === "worse")?.found.why;
  const commit = others.length === 0 ? commitMessage(first, why) : commonMessage(changes, title, why);
  return { changes, commit };
}

function changeBy(read: ReadRelease, { is }: Advance, now: Date): Change | undefined {
  if (is !== "goes on" && is !== "worse") return undefined;
  const verb = is === "goes on" ? next : rollback;
  return changeOf(
    read,
    editsOf(read, (state) => verb(state, { now })),
  );
}
