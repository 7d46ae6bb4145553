import { writeChanges } from "../release/files/change";
import type { Together } from "../release/files/together";
import { Refusal, type Transition } from "../release/verbs/transitions";
import { commonMessage } from "../review/commit-message";
import { table } from "../terminal/table";
import {
  type AllowedChange,
  allowedChange,
  applyVerb,
  isAgreed,
  noteLines,
  notesOf,
  RefusedVerb,
  summary,
  type WriteOptions,
} from "./apply-verb";
import { changeRows, hintLines } from "./report";
import { commonSuggestions } from "./suggestions";

/**
 * Shows what a verb changes for the users of several services, asks once, and writes all their files or none.
 *
 * @throws {Refusal} where one of the releases, or a gate, does not allow the verb
 * @throws {Unable} where a file cannot be written, or nobody can be asked
 */
export async function applyTogether(
  { reads, given, title }: Together,
  transition: Transition,
  options: WriteOptions,
  now: Date,
): Promise<void> {
  const [only, ...others] = reads;
  if (only !== undefined && others.length === 0) return applyVerb(only, transition, options, now);
  const allowed = await allAllowed({ reads, given, title }, transition, options, now);
  const changes = allowed.map(({ change }) => change);
  const paths = changes.map(({ read }) => read.path);
  if (!options.json) console.log(shownTogether(allowed));
  const written = !options.dryRun && (await isAgreed(`write ${paths.join(" and ")}?`, options));
  if (written) writeChanges(changes);
  const commit = commonMessage(changes, title, options.message);
  if (options.json) {
    const told = allowed.map((one) => ({ ...summary(one.change, written, now), commit, ...notesOf(one) }));
    console.log(JSON.stringify(told));
  } else if (written) {
    const next = commonSuggestions(
      changes.map(({ after }) => after),
      given,
      now,
    );
    const hints = next.length === 0 ? [] : ["", hintLines(next)];
    console.log([...paths.map((path) => `wrote ${path}`), `commit   ${commit}`, ...hints].join("\n"));
  } else console.log("nothing is written");
}

/** @throws {Refusal} which names each service that cannot go, and why */
async function allAllowed(
  { reads }: Together,
  transition: Transition,
  options: WriteOptions,
  now: Date,
): Promise<AllowedChange[]> {
  const allowed: AllowedChange[] = [];
  const refused: { readonly name: string; readonly error: Refusal }[] = [];
  for (const read of reads) {
    try {
      allowed.push(await allowedChange(read, transition, options, now));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ name: read.name, error });
    }
  }
  if (refused.length === 0) return allowed;
  throw new RefusedVerb(
    refusalText(
      refused.map(({ name, error }) => `${name}: ${error.message}`),
      reads.length,
    ),
    refused.flatMap(({ error }) => (error instanceof RefusedVerb ? (error.allowed ?? []) : [])),
  );
}

/** All go or none does. @param lines of each service that cannot go, why */
export function refusalText(lines: readonly string[], count: number): string {
  return [`${lines.length} of ${count} services cannot go, so none does: nothing is written`, ...lines].join(
    "\n  ",
  );
}

/** One table for all, and what is to be known of each. */
function shownTogether(allowed: readonly AllowedChange[]): string {
  const rows = allowed.flatMap(({ change }) =>
    changeRows(change).map((row, index) => [index === 0 ? change.read.name : "", ...row]),
  );
  const notes = allowed.flatMap((one) =>
    noteLines(one).map(({ name, text }) => `${name}  ${one.change.read.name}: ${text}`),
  );
  const shown = table(["service", "version", "", "now", "then", ""], rows);
  return [shown, ...(notes.length === 0 ? [] : [notes.join("\n")])].map((part) => `${part}\n`).join("\n");
}
