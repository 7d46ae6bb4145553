import { createInterface } from "node:readline/promises";
import { type Change, changeOf, editsOf, shareOnTrial, writeChange } from "../release/files/change";
import type { Edit } from "../release/files/edit";
import { type EditableFile, Unable } from "../release/files/project";
import { Refusal, StillBaking, type Transition } from "../release/verbs/transitions";
import { commitMessage } from "../review/commit-message";
import { stopWhileRed } from "./alarms";
import { bakedBefore, bakedSoFar } from "./bake-time";
import { definitionNote } from "./definition-note";
import { holdNote } from "./hold-note";
import { asObject, changeTable, suggestionLines } from "./report";
import { type Suggestion, suggestions } from "./suggestions";
import { stopUnlessAsGood } from "./verdict-gate";

export interface WriteOptions {
  readonly json: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** The share that the canary must have now. @default - any */
  readonly from?: number;
  /** Why, as a person wrote it: for the commit message that the verb proposes. @default - no reason is given */
  readonly message?: string;
  /** Whether red alarms are no reason to refuse. @default - the verb gives nobody on trial more users */
  readonly ignoreAlarms?: boolean;
  /** Whether a bake time may end early, and a step be left without a verdict. @default - the verb ends none */
  readonly skip?: boolean;
}

/** A verb that the release does not allow, and those that it does. */
export class RefusedVerb extends Refusal {
  constructor(
    message: string,
    /** @default - none is known, because the file has problems */
    readonly allowed?: readonly Suggestion[],
  ) {
    super(message);
  }
}

/** What a verb makes of a file, which every gate lets through. */
export interface AllowedChange {
  readonly change: Change;
  /** What the bake time that it ends was counted from. @default - it ends none */
  readonly bakeTime?: string;
  /** The verdict that it waited for. @default - its step waits for none */
  readonly verdict?: string;
}

/**
 * Shows what a verb changes for users, asks, and writes the file.
 *
 * @throws {Refusal} where the release, or a gate, does not allow the verb
 * @throws {Unable} where the file cannot be written, or nobody can be asked
 */
export async function applyVerb(
  read: EditableFile,
  transition: Transition,
  options: WriteOptions,
  now: Date,
): Promise<void> {
  const allowed = await allowedChange(read, transition, options, now);
  const { change } = allowed;
  if (!options.json) console.log(`${changeTable(change)}\n`);
  if (!options.json) for (const { name, text } of noteLines(allowed)) console.log(`${name}  ${text}\n`);
  const written = !options.dryRun && (await isAgreed(`write ${read.path}?`, options));
  if (written) writeChange(change);
  const commit = commitMessage(change, options.message);
  if (options.json)
    console.log(JSON.stringify({ ...summary(change, written, now), commit, ...notesOf(allowed) }));
  else if (written)
    console.log(`wrote ${read.path}\ncommit   ${commit}\n\n${suggestionLines(change.after, now)}`);
  else console.log("nothing is written");
}

/** What is to be known of a change beside its shares, for a script. */
export function notesOf({ change, bakeTime, verdict }: AllowedChange) {
  return { bakeTime, verdict, definition: definitionNote(change), hold: holdNote(change) };
}

/** The same for people: each under its name. */
export function noteLines(allowed: AllowedChange): { readonly name: string; readonly text: string }[] {
  return Object.entries(notesOf(allowed)).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name: name === "bakeTime" ? "bake time" : name, text }],
  );
}

/**
 * All gates of one change, before anything is shown or written.
 *
 * @throws {Refusal} where the release, or a gate, does not allow the verb
 * @throws {Unable} where a gate cannot ask AWS
 */
export async function allowedChange(
  read: EditableFile,
  transition: Transition,
  options: WriteOptions,
  now: Date,
): Promise<AllowedChange> {
  checkFrom(read, options);
  const asksAws = options.ignoreAlarms === false;
  const change = changeOf(read, await editsOnceBaked(read, transition, asksAws, now));
  if (asksAws) await stopWhileRed(change);
  const bakeTime = options.skip === false ? await stopWhileBaking(change, asksAws, now) : undefined;
  const verdict = options.skip === false ? await stopUnlessAsGood(change, now) : undefined;
  return { change, bakeTime, verdict };
}

/** @throws {RefusedVerb} which tells a bake time as AWS counts it, where that can be asked */
async function editsOnceBaked(
  read: EditableFile,
  transition: Transition,
  asksAws: boolean,
  now: Date,
): Promise<Edit[]> {
  try {
    return editsOf(read, transition);
  } catch (error) {
    if (!(error instanceof StillBaking) || read.release === undefined) throw refusedAs(error, read, now);
    const { live, refusal = error.message } = await bakedSoFar(read.release, asksAws, now);
    throw new RefusedVerb(refusal, suggestions(read.release, now, live));
  }
}

/**
 * @returns what the bake time counts from; nothing where the change ends none
 * @throws {RefusedVerb} while the version must keep its share, or does not have it yet
 */
async function stopWhileBaking(change: Change, asksAws: boolean, now: Date): Promise<string | undefined> {
  const baked = await bakedBefore(change, asksAws, now);
  const { release } = change.read;
  if (baked?.refusal !== undefined)
    throw new RefusedVerb(baked.refusal, release && suggestions(release, now, baked.live));
  return baked?.counted;
}

/** @throws {RefusedVerb} with what is allowed instead */
export function allowedEdits(read: EditableFile, transition: Transition, now: Date): Edit[] {
  try {
    return editsOf(read, transition);
  } catch (error) {
    throw refusedAs(error, read, now);
  }
}

/** A refusal with what is allowed instead; any other error as it is. */
function refusedAs(error: unknown, { release }: EditableFile, now: Date): unknown {
  if (!(error instanceof Refusal)) return error;
  return new RefusedVerb(error.message, release && suggestions(release, now));
}

/** A script that was written for another state would advance twice. */
export function checkFrom(read: EditableFile, { from }: WriteOptions): void {
  const percent = shareOnTrial(read);
  if (from !== undefined && from !== percent)
    throw new Refusal(`the canary is at ${percent} %, but --from expects ${from} %; someone else changed it`);
}

/** @throws {Unable} where nobody can be asked */
export async function isAgreed(
  question: string,
  { yes, json }: Pick<WriteOptions, "yes" | "json">,
): Promise<boolean> {
  if (yes) return true;
  if (json || !process.stdin.isTTY)
    throw new Unable("cannot prompt without a terminal; use --yes or --dry-run");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** A change for a script. */
export function summary({ read, after, from, to }: Change, written: boolean, now: Date) {
  const next = suggestions(after, now).map(({ command }) => command);
  return { service: read.name, file: read.path, from: asObject(from), to: asObject(to), written, next };
}
