import type { ReleaseFile } from "../defaults";
import { functionNames } from "../functions/service-functions";
import type { FunctionsRelease } from "../release";
import { versionsInFile } from "../release-context";
import { followingStep, needsVerdict } from "../steps/steps";
import { modelOf } from "../strategies/strategies";
import { inSeconds } from "../time";
import { canaryPercent } from "../traffic";
import { publish } from "../verbs/publish";
import { next, onTrial, promote, Refusal, rollback, start, type Transition } from "../verbs/transitions";
import { changeOf } from "./change";
import { readService } from "./file";
import type { EditableFile } from "./project";
import { withText } from "./project-files";

/** A verb that gives a version more users, as a release file says it then. */
export interface PlannedMove {
  /** The verb that makes the move. */
  readonly verb: "start" | "advance" | "promote";
  /** The version's share from then on, 0 to 100. */
  readonly percent: number;
  /** Minutes since the first move. */
  readonly atMinutes: number;
  /** The release file after it. */
  readonly text: string;
  /** The release before it, whose step waits for the verdict. @default - it waits for none */
  readonly awaits?: FunctionsRelease;
}

/** The way of a version to all users. */
export interface PlannedMoves {
  /** The version that serves everybody before. */
  readonly from: string;
  /** The version that serves everybody afterwards. */
  readonly to: string;
  /** When the first move is made. */
  readonly startsAt: Date;
  /** The release file before the first move, in which no version is on trial. */
  readonly before: string;
  /** In the order in which they are made. */
  readonly moves: readonly PlannedMove[];
  /** What the file does not say and is assumed, as sentences for people. */
  readonly assumed: readonly string[];
}

/** How long a canary bakes where the file plans no steps. */
export const assumedBakeMinutes = 15;

const minuteMs = 60_000;

/** Before every time of a rehearsal, unless the file has later ones. */
const earliest = "2026-01-01T00:00:00Z";

/**
 * The moves that the verbs of the command would make of a file, each as soon as the bake time before it is over. The
 * version is that on trial, else the one that was published last; where Lambda numbers the versions and no other is
 * recorded, the next number.
 *
 * @throws {Refusal} where there is no version to release
 */
export function plannedMoves(read: EditableFile): PlannedMoves {
  const startsAt = new Date(startOf(read.context.file));
  const { file } = read.context;
  const wasOnTrial = onTrial(file)?.version;
  const version = wasOnTrial ?? newest(read);
  const isPublished = Object.hasOwn(versionsInFile(file), version);
  const published = isPublished ? read : made(read, (state) => publish(state, version));
  const isBlue = modelOf(file).trial === "blue";
  // A stage to look at a version moves no users: it may stand before.
  const before =
    wasOnTrial === undefined || isBlue
      ? published
      : made(published, (state) => rollback(state, { now: startsAt }));
  const steps = isBlue
    ? [promotedAt(wasOnTrial === undefined ? onBlue(before, version, startsAt) : before, 0, startsAt)]
    : canaryMoves(before, version, startsAt, canaryPercent(file));
  const assumed = [
    ...(isPublished ? [] : [`version ${version}: the file has none after ${file.stable}`]),
    ...(isBlue || file.steps !== undefined
      ? []
      : [
          `steps: ${steps[0]?.percent} % for ${assumedBakeMinutes} minutes, then everybody: the file has no 'steps'`,
        ]),
  ];
  return { from: file.stable, to: version, startsAt, before: before.text, moves: steps, assumed };
}

/** After every time that the file has: the decisions of a rehearsal are younger. */
function startOf({ stableSince, canary, blue }: ReleaseFile): string {
  const times = [earliest, stableSince, canary?.since, blue?.since].flatMap((time) => time ?? []);
  const latest = Math.max(...times.map((time) => Date.parse(time)));
  return inSeconds(new Date(Math.ceil(latest / minuteMs) * minuteMs + 60 * minuteMs));
}

function newest({ context, name }: EditableFile): string {
  const { file } = context;
  const last = Object.keys(versionsInFile(file)).at(-1) ?? "";
  if (last !== file.stable && last !== file.former) return last;
  if (modelOf(file).versionKind !== "lambda" || functionNames(context).length > 1)
    throw new Refusal(
      `${name} has no version to release: publish one after ${file.stable}, or make one the canary`,
    );
  const numbers = Object.keys(versionsInFile(file)).map(Number);
  return String(Math.max(...numbers) + 1);
}

function canaryMoves(before: EditableFile, version: string, startsAt: Date, given: number): PlannedMove[] {
  const at = (minutes: number) => new Date(startsAt.getTime() + minutes * minuteMs);
  const { steps } = before.context.file;
  const percent = steps === undefined && given > 0 ? given : undefined;
  let file = made(before, (state) => start(state, version, { now: startsAt, percent, skip: true }));
  let minutes = 0;
  const moves: PlannedMove[] = [moved("start", file, minutes)];
  while (steps !== undefined && followingStep(file.context.file) !== "promote") {
    minutes += bakeOf(file.context.file);
    const now = at(minutes);
    const awaits = awaitedBy(file);
    file = made(file, (state) => next(state, { now, skip: true }));
    moves.push({ ...moved("advance", file, minutes), ...awaits });
  }
  minutes += steps === undefined ? assumedBakeMinutes : bakeOf(file.context.file);
  return [...moves, { ...promotedAt(file, minutes, at(minutes)), ...awaitedBy(file) }];
}

/** The bake time of the canary's share. */
function bakeOf(file: ReleaseFile): number {
  const step = file.steps?.findLast(({ percent }) => percent <= canaryPercent(file));
  return step?.bakeMinutes ?? 0;
}

function awaitedBy({ context: { file }, release }: EditableFile): Pick<PlannedMove, "awaits"> {
  if (!needsVerdict(file) || release === undefined || release.versionKind === "container") return {};
  return { awaits: release };
}

function moved(verb: PlannedMove["verb"], { context, text }: EditableFile, atMinutes: number): PlannedMove {
  return { verb, percent: canaryPercent(context.file), atMinutes, text };
}

function promotedAt(file: EditableFile, atMinutes: number, now: Date): PlannedMove {
  const { text } = made(file, (state) => promote(state, { now, skip: true }));
  return { verb: "promote", percent: 100, atMinutes, text };
}

/** The addresses of nobody: such a file is promoted before anything is made of it. */
const nobody = ["203.0.113.0/24"];

function onBlue(file: EditableFile, version: string, now: Date): EditableFile {
  return made(file, (state) => start(state, version, { now, sources: state.file.blue?.sources ?? nobody }));
}

/** The file after a verb. @throws {Refusal} where the verb, or what it makes, is not valid */
function made(read: EditableFile, verb: Transition): EditableFile {
  const { text } = changeOf(read, verb(read.context));
  const files = withText(read.files, read.path, text);
  const { environment, service } = read.context;
  const { context, release } = readService(files, environment.name, service);
  if (context === undefined) throw new Error(`${read.path} cannot be read after a verb`);
  return { ...read, files, text, context, release };
}
