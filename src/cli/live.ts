import type { LivePruning, LiveRollback, LiveStatus, Place, PruningFailure } from "../live/live-release";
import { readLiveStatus, verdictOf } from "../live/live-status";
import { redLine } from "../live/red-alarms";
import { type Change, changeOf, writeChange } from "../release/files/change";
import { type EditableFile, type ReadRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";
import type { Traffic } from "../release/split";
import { bakeTimeOf, bakeTimeText } from "../release/steps/bake-time";
import { standingOf } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { trafficOf } from "../release/traffic";
import { Refusal, type Rollback, rollback } from "../release/verbs/transitions";
import { commitMessage } from "../review/commit-message";
import { coloured } from "../terminal/colour";
import { table } from "../terminal/table";
import { alarmTable } from "./alarms";
import { allowedEdits, checkFrom, isAgreed, type WriteOptions } from "./apply-verb";
import { definitionNote } from "./definition-note";
import { isNative, nativeRollbackNow } from "./native-rollout";
import { asObject, awaitedVerdict, rolesOf, share, suggestionLines } from "./report";

/** The AWS SDK is loaded with it: only when a flag asks for AWS. */
const live = () => import("../live/live-release.js");

/**
 * Prints what the file says and what AWS does, side by side.
 *
 * @returns whether they are the same, as far as it can be told
 */
export async function liveStatus(read: ReadRelease, json: boolean, now: Date): Promise<boolean> {
  const found = await readLiveStatus(read);
  if (json) console.log(JSON.stringify(asJson(read, found)));
  else printLiveStatus(read, found, now);
  return found.differences.length === 0;
}

export function printLiveStatus(read: ReadRelease, found: LiveStatus, now: Date): void {
  const { release, path, name } = read;
  const file = trafficOf(release);
  const baking = bakingOf(read, found);
  console.log(`${coloured("bold", name)}   ${release.strategy}, ${path}, ${placeText(found.place)}\n`);
  console.log(sideBySide(found, file, release));
  if (baking !== undefined) console.log(`\nbake time  ${bakeTimeText(baking, now)}`);
  const awaited = awaitedVerdict(release);
  if (awaited !== undefined) console.log(`${baking === undefined ? "\n" : ""}verdict  ${awaited}`);
  if (found.alarms.length > 0) console.log(`\n${alarmTable(found.alarms)}`);
  console.log();
  for (const alarm of found.alarms.filter(({ state }) => state === "ALARM"))
    console.log(coloured("red", redLine(alarm)));
  for (const alarm of (found.guardAlarms ?? []).filter(({ state }) => state === "ALARM"))
    console.log(coloured("red", `the guard itself: ${redLine(alarm)}`));
  if (found.alarmTrouble !== undefined)
    console.log(`${coloured("yellow", "careful")}  the alarms are not known: ${found.alarmTrouble}`);
  for (const line of found.troubles) console.log(`${coloured("yellow", "careful")}  not compared: ${line}`);
  for (const line of found.unknown) console.log(`not known  ${line}`);
  const verdict = verdictOf(found);
  if (verdict !== undefined) console.log(verdict);
  for (const line of found.differences) console.log(`${coloured("yellow", "different")}  ${line}`);
}

/** What the file says and what AWS does, for a script. */
export function asJson(read: ReadRelease, found: LiveStatus) {
  const { place, alarms, guardAlarms, alarmTrouble, differences, unknown, troubles } = found;
  return {
    service: read.name,
    path: read.path,
    ...place,
    file: asObject(trafficOf(read.release)),
    aws: found.traffic && asObject(found.traffic.shares),
    bakeTime: bakingOf(read, found),
    alarms,
    guardAlarms,
    alarmTrouble,
    differences,
    unknown,
    troubles,
  };
}

function bakingOf({ release }: ReadRelease, { share }: LiveStatus) {
  return share && bakeTimeOf(standingOf(release), share);
}

function sideBySide({ traffic }: LiveStatus, file: ReadonlyMap<string, number>, release: Release) {
  const versions = [...new Set([...file.keys(), ...(traffic?.shares.keys() ?? [])])];
  const rows = versions.map((version) => [
    version,
    share(file.get(version)),
    share(traffic?.shares.get(version)),
    rolesOf(release, version),
  ]);
  return table(["version", "file", "AWS", ""], rows);
}

/** Moves AWS back first, and writes the file when that is done. */
export async function rollbackNow(
  read: ReadRelease,
  options: WriteOptions & Pick<Rollback, "to">,
  now: Date,
): Promise<void> {
  if (isNative(read)) {
    checkFrom(read, options);
    return nativeRollbackNow(read, options, now);
  }
  const change = rollbackChange(read, options, now);
  const { rollBackLive } = await live();
  let plan: LiveRollback | undefined;
  const agree = (found: LiveRollback) => {
    plan = found;
    return isRollbackAgreed(change, found, options);
  };
  const isMoved = await rollBackLive(read.release, change.after, agree);
  if (isMoved) writeAfterMove(change);
  if (isMoved && plan !== undefined) await recordAfterMove(read, change, plan, options, now);
  const commit = commitMessage(change, options.message);
  if (options.json) {
    console.log(JSON.stringify(rollbackJson(change, plan, isMoved, commit)));
  } else if (!isMoved) console.log("nothing was moved, and nothing was written");
  else {
    for (const move of plan?.moves ?? []) console.log(`moved    ${move}`);
    console.log(`wrote    ${read.path}: commit it; otherwise the next deploy undoes this`);
    console.log(`commit   ${commit}`);
    console.log(`\n${suggestionLines(change.after, now)}`);
  }
}

/** @throws {Refusal} where AWS cannot be moved at once, or the release has nothing to return to */
export function rollbackChange(
  read: ReadRelease,
  options: WriteOptions & Pick<Rollback, "to">,
  now: Date,
): Change {
  checkFrom(read, options);
  if (modelOf(read.release).movedBy === "codedeploy")
    throw new Refusal(
      `--now would conflict with the CodeDeploy deployment: 'rollout ${read.name} --stop' rolls it back`,
    );
  if (standingOf(read.release).blue !== undefined)
    throw new Refusal(
      "blue receives no user traffic, so nothing has to move now: 'rollback' without --now drops it, and " +
        "'rollback --now' then returns green to the former version",
    );
  return changeOf(
    read,
    allowedEdits(read, (state) => rollback(state, { now, to: options.to }), now),
  );
}

async function isRollbackAgreed(
  change: Change,
  { strangers, ...plan }: LiveRollback,
  options: WriteOptions,
): Promise<boolean> {
  const { read } = change;
  if (!options.json) console.log(rollbackText(change, plan));
  if (options.dryRun) return false;
  warnOfStrangers(strangers, options);
  return isAgreed(question(read, plan.moves), options);
}

/** Who serves in AWS and who will, and the calls that lead there. */
export function rollbackText(
  change: Change,
  { traffic, moves, place }: Omit<LiveRollback, "strangers">,
): string {
  const { read, to, after } = change;
  const versions = [...new Set([...traffic.shares.keys(), ...to.keys()])];
  const rows = versions.map((version) => [
    version,
    rolesOf(after, version),
    share(traffic.shares.get(version)),
    share(to.get(version)),
  ]);
  const definition = definitionNote(change);
  return [
    `${coloured("bold", read.name)}   ${placeText(place)}\n`,
    `${table(["version", "", "in AWS", "then"], rows)}\n`,
    ...(definition === undefined ? [] : [`definition  ${definition}`]),
    ...(moves.length === 0 ? ["AWS is so already: only the file is to be written"] : []),
    ...moves.map((move) => `to move  ${move}`),
  ].join("\n");
}

/** A move back for a script. @param plan what is moved. @default - AWS was not looked at */
export function rollbackJson(
  { read, to }: Change,
  plan: LiveRollback | undefined,
  written: boolean,
  commit: string,
) {
  const { moves = [], traffic } = plan ?? {};
  const from = traffic && asObject(traffic.shares);
  return { service: read.name, file: read.path, from, to: asObject(to), moves, written, commit };
}

/** @throws {Refusal} where nobody is asked about them */
export function warnOfStrangers(strangers: readonly string[], { yes, json }: WriteOptions): void {
  if (strangers.length === 0) return;
  const line = `AWS serves ${strangers.join(", ")}, and the file does not say so: is this the newest commit?`;
  if (yes) throw new Refusal(`${line} --yes does not answer that`);
  if (!json) console.log(`${coloured("yellow", "careful")}  ${line}`);
}

function question({ path }: EditableFile, moves: readonly string[]): string {
  return moves.length === 0 ? `write ${path}?` : `move it now, and write ${path}?`;
}

/** What was taken from users in an emergency stays stopped, where a guard's parameter is there to say so. */
export async function recordAfterMove(
  { release, name }: ReadRelease,
  { to }: Change,
  { traffic }: LiveRollback,
  { message: reason = "an emergency" }: WriteOptions,
  now: Date,
): Promise<void> {
  if (release.versionKind === "container" || release.guard === undefined) return;
  const { canary, stable } = standingOf(release);
  const version = canary?.version ?? stable;
  const served = (shares: Traffic) => Object.fromEntries([...shares].filter(([, percent]) => percent > 0));
  const { recordStop } = await import("../live/live-stops.js");
  try {
    await recordStop(release, {
      version,
      at: inSeconds(now),
      by: "rollback --now",
      reason,
      from: served(traffic.shares),
      to: served(to),
    });
    const { recordMovedShare } = await import("../guard/share-after-move.js");
    const trouble = await recordMovedShare(release, now);
    if (trouble !== undefined) console.error(`${coloured("yellow", "careful")}  ${trouble}`);
  } catch (error) {
    throw Unable.causedBy(
      error,
      `AWS is as it should be, and the file is written, but the stop of ${version} is not recorded: ${(error as Error).message}`,
      `A deploy of an older commit would give ${version} users again: merge the change of ${name} first`,
    );
  }
}

/** AWS is moved by then: whatever keeps the file from being written, it has to say so too. */
export function writeAfterMove(change: Change): void {
  try {
    writeChange(change);
  } catch (error) {
    const { path } = change.read;
    throw Unable.causedBy(
      error,
      `AWS is as it should be, but ${(error as Error).message}`,
      `${path} must say:`,
      change.text,
    );
  }
}

/**
 * Deletes Lambda versions that nobody needs.
 *
 * @returns whether all that was agreed to is deleted
 */
export async function pruneLive(
  { release, name }: ReadRelease,
  versions: readonly string[],
  options: Omit<WriteOptions, "from">,
): Promise<boolean> {
  const { versionKind } = modelOf(release);
  if (versionKind !== "lambda") {
    const what = versionKind === "container" ? "a task definition" : "functions";
    throw new Refusal(
      `a version of ${release.strategy} is ${what} of its own: prune it from the file, and deploy`,
    );
  }
  const deleted: string[] = [];
  let unused: LivePruning["unused"] = [];
  const agree = async (found: LivePruning) => {
    unused = found.unused.filter(({ version }) => versions.length === 0 || versions.includes(version));
    checkUnused(versions, found);
    if (!options.json) console.log(pruningText(found, unused));
    if (options.dryRun || unused.length === 0) return [];
    const numbers = unused.map(({ version }) => version);
    return (await isAgreed(`delete ${numbers.join(", ")} for good?`, options)) ? numbers : [];
  };
  const onDeleted = (version: string) => {
    deleted.push(version);
    if (!options.json) console.log(`deleted ${version}`);
  };
  const failed = await (await live()).pruneLive(release, agree, onDeleted);
  if (options.json) console.log(JSON.stringify({ service: name, unused, deleted, ...failed }));
  else if (failed === undefined && deleted.length === 0) console.log("nothing is deleted");
  if (failed === undefined) return true;
  if (!options.json) for (const line of failureLines(failed)) console.error(line);
  return false;
}

function failureLines({ failed, error, left }: PruningFailure): string[] {
  return [
    `${coloured("red", "error:")} ${failed} is not deleted: ${error}`,
    ...(left.length > 0 ? [`left     ${left.join(", ")}: run this again`] : []),
  ];
}

function checkUnused(versions: readonly string[], { unused, later }: LivePruning): void {
  for (const version of versions) {
    if (unused.some((one) => one.version === version)) continue;
    const why = later.includes(version)
      ? "is later than all that the file lists"
      : "is not there, or is needed";
    throw new Refusal(`${version} ${why}: nothing is deleted`);
  }
}

function pruningText({ later, place }: LivePruning, unused: LivePruning["unused"]): string {
  const rows = unused.map(({ version, codeBytes, modified }) => [
    version,
    `${(codeBytes / 1_000_000).toFixed(1)} MB`,
    modified.slice(0, 10),
  ]);
  const kept = `kept  ${later.join(", ")}: later than all that the file lists, and may wait for being recorded`;
  return [
    rows.length === 0
      ? `${placeText(place)}: every version is named by an alias or listed by the file`
      : `${placeText(place)}, named by no alias and not listed by the file\n\n${table(["version", "code", "published"], rows)}\n`,
    ...(later.length === 0 ? [] : [kept]),
  ].join("\n");
}

function placeText({ accountId, region }: Place): string {
  return `account ${accountId}, ${region}`;
}
