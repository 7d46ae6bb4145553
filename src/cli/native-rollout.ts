import type { NativeDeployments, NativeSight } from "../live/native-deployments";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { standingOf } from "../release/steps/standing";
import type { EcsNativeRelease } from "../release/strategies/ecs-native";
import { Refusal, rollback } from "../release/verbs/transitions";
import { commitMessage } from "../review/commit-message";
import { coloured } from "../terminal/colour";
import { interrupted } from "../terminal/signals";
import { isAgreed, type WriteOptions } from "./apply-verb";
import { hintLines } from "./report";
import type { RolloutOptions } from "./rollout";
import type { Shown } from "./rollout-view";
import { showShift, watchLine } from "./show-shift";

interface NativeRead extends ReadRelease {
  readonly release: EcsNativeRelease;
}

/** Whether ECS itself moves the users of a release. */
export function isNative(read: ReadRelease): read is NativeRead {
  return read.release.strategy === "ecs-native";
}

/**
 * Follows the shift that a deploy has begun, or has it moved back. This command begins none.
 *
 * @returns the exit code: 0 succeeded, 1 rolled back or stopped, 2 nothing was done
 */
export async function nativeRollout(read: NativeRead, options: RolloutOptions, now: Date): Promise<number> {
  const { detach, ignoreAlarms, stop, json } = options;
  if (detach || ignoreAlarms)
    throw new Unable(
      `--${detach ? "detach" : "ignore-alarms"} must not be given: a deploy starts the shift of ecs-native`,
    );
  const { withNative } = await import("../live/native-service.js");
  return withNative(read.release, async (deployments) => {
    const newest = await newestOf(read, deployments);
    if (stop && !(await isStopped(deployments, newest, options))) {
      if (json) console.log(JSON.stringify({ service: read.name, outcome: "not stopped" }));
      else console.log("nothing is changed");
      return options.dryRun ? 0 : 2;
    }
    const end = await follow(deployments, newest, read, options);
    const isRecorded = options.record && end.isOver && record(read, end, now);
    if (json) console.log(JSON.stringify({ service: read.name, ...toldOf(end), recorded: isRecorded }));
    else console.log(endText(read, end, isRecorded));
    if (!end.isOver) return interrupted;
    return end.status === "SUCCESSFUL" ? 0 : 1;
  });
}

/**
 * An emergency: has the shift that is in progress moved back, then writes the file.
 *
 * @throws {Refusal} where nothing is in progress: an apply moves users back then
 */
export async function nativeRollbackNow(
  read: NativeRead,
  options: WriteOptions & { readonly to?: string },
  now: Date,
): Promise<void> {
  if (options.to !== undefined)
    throw new Refusal("--to must not be given with --now: ECS moves users back to the version before");
  const { withNative } = await import("../live/native-service.js");
  await withNative(read.release, async (deployments) => {
    const newest = await newestOf(read, deployments);
    if (newest.isOver)
      throw new Refusal(
        `ECS has no shift of ${read.name} in progress: run 'rollback' without --now and deploy, which has ECS shift back`,
      );
    if (newest.to !== read.release.stable.name)
      throw new Refusal(
        `ECS moves users to ${newest.to}, and stable is ${read.release.stable.name} in the file: is this the newest commit?`,
      );
    const change = changeOf(
      read,
      editsOf(read, (state) => rollback(state, { now })),
    );
    const told = { service: read.name, file: read.path };
    const commit = commitMessage(change, options.message);
    if (!(await isStopped(deployments, newest, options))) {
      if (options.json) console.log(JSON.stringify({ ...told, moves: [], written: false, commit }));
      else console.log("nothing was moved, and nothing was written");
      return;
    }
    writeChange(change);
    const moved = `users from ${newest.to} back to ${newest.from ?? "the version before"}, by ECS`;
    if (options.json) console.log(JSON.stringify({ ...told, moves: [moved], written: true, commit }));
    else {
      console.log(`moves    ${moved}`);
      console.log(`wrote    ${read.path}: commit it; otherwise the next deploy undoes this`);
      console.log(`commit   ${commit}`);
      console.log(`\n${watchLine(read)}`);
    }
  });
}

async function newestOf({ name }: ReadRelease, deployments: NativeDeployments): Promise<NativeSight> {
  await deployments.served();
  const newest = await deployments.newest();
  if (newest === undefined) throw new Unable(`ECS knows no deployment of ${name} of the last 90 days`);
  return newest;
}

/** @returns whether it was agreed to, and done */
async function isStopped(
  deployments: NativeDeployments,
  { arn, isOver, status, from = "the version before", to }: NativeSight,
  options: Pick<WriteOptions, "dryRun" | "yes" | "json">,
): Promise<boolean> {
  if (isOver) throw new Unable(`the deployment ${idOf(arn)} is over (${status}): nothing to stop`);
  if (/^(ROLLBACK|STOP)/.test(status))
    throw new Unable(`the deployment ${idOf(arn)} is already moved back: use --watch to follow it`);
  if (!options.json) console.log(`to stop  ${idOf(arn)}, which moves users from ${from} to ${to}\n`);
  if (options.dryRun || !(await isAgreed(`move users back to ${from}?`, options))) return false;
  await deployments.stop(arn);
  return true;
}

async function follow(
  deployments: NativeDeployments,
  newest: NativeSight,
  read: ReadRelease,
  options: RolloutOptions,
): Promise<NativeSight> {
  let last = newest;
  await showShift(read, options, idOf(newest.arn), async (show, watching) => {
    for await (const seen of deployments.watch(newest.arn, watching)) {
      if (!("trouble" in seen)) last = seen;
      show("trouble" in seen ? seen : shownOf(seen));
    }
  });
  return last;
}

function shownOf({ arn, status, stage, from, to, percent }: NativeSight): Shown {
  const events = stage === undefined ? [] : [{ name: "stage", status: stage }];
  return { id: idOf(arn), status, events, target: { version: to, percent, from } };
}

/** Writes that users are back at the version before: an apply would else begin the shift again. */
function record({ name }: ReadRelease, { status, to }: NativeSight, now: Date): boolean {
  if (status !== "ROLLBACK_SUCCESSFUL") return false;
  const read = readRelease(name);
  const { stable } = standingOf(read.release);
  if (stable !== to)
    throw new Unable(
      `ECS rolled back to the version before ${to}, but stable is ${stable} in ${read.path}: nothing is recorded`,
    );
  writeChange(
    changeOf(
      read,
      editsOf(read, (state) => rollback(state, { now })),
    ),
  );
  return true;
}

function toldOf({ arn, status, from, to, reason, isOver }: NativeSight) {
  const outcomes: Readonly<Record<string, string>> = {
    SUCCESSFUL: "succeeded",
    ROLLBACK_SUCCESSFUL: "rolled back",
    STOPPED: "stopped",
  };
  const outcome = isOver ? (outcomes[status] ?? "failed") : "running";
  return { deployment: arn, outcome, from, to, reason };
}

function endText(read: ReadRelease, end: NativeSight, isRecorded: boolean): string {
  const { outcome, reason } = toldOf(end);
  if (!end.isOver) return `\nthe shift goes on without being watched\n\n${watchLine(read)}`;
  const isGood = outcome === "succeeded";
  const isOpen = !isGood && !isRecorded && standingOf(read.release).stable === end.to;
  return [
    `\n${coloured(isGood ? "green" : "red", outcome)}  ${idOf(end.arn)}: ${end.serves} serves`,
    ...(isGood || reason === undefined ? [] : [`because  ${reason}`]),
    ...(isRecorded
      ? [`wrote ${read.path}: commit it; otherwise the next deploy starts the shift again`]
      : []),
    ...(isOpen
      ? [
          `\n${hintLines([
            {
              command: `rollback ${read.name}`,
              effect: "writes it to the file: the next deploy would start the shift again",
            },
          ])}`,
        ]
      : []),
  ].join("\n");
}

/** `TFX5sH9q9XDboDTOv0rIt` */
function idOf(arn: string): string {
  return arn.replace(/^.*\//, "");
}
