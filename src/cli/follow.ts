import type { Rollout } from "../live/rollout";
import type { Sight } from "../live/sight";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { standingOf } from "../release/standing";
import { promote, rollback, type Transition } from "../release/transitions";
import { coloured } from "../terminal/colour";
import { hintLines } from "./report";
import { RolloutView } from "./rollout-view";
import type { Suggestion } from "./suggestions";

export interface FollowOptions {
  readonly json: boolean;
  /** Whether the end is written to the file. */
  readonly record: boolean;
  /** Seconds between two looks. */
  readonly poll: number;
}

/** How a shift has ended, or how it was left. */
interface End {
  readonly outcome: "succeeded" | "rolled back" | "failed" | "stopped" | "running";
  readonly deployment: string;
  /** The version that it shifted to. */
  readonly to?: string;
  readonly reason?: string;
  /** Whether an alarm has stopped it. */
  readonly isAlarmed?: boolean;
  readonly rollback?: string;
  /** What is wrong with who serves now. */
  readonly left?: string;
}

/** What a shell tells of a command that was ended by Ctrl+C. */
const interrupted = 130;

/**
 * Shows a deployment to its end, or until Ctrl+C.
 *
 * @returns the exit code: 0 succeeded, 1 rolled back, failed or stopped
 */
export async function followToEnd(
  live: Rollout,
  deployment: string,
  read: ReadRelease,
  options: FollowOptions,
  now: Date,
): Promise<number> {
  const end = await follow(live, deployment, read, options);
  const wrote = options.record && record(read, end, now);
  const { isAlarmed: _, ...told } = end;
  if (options.json) console.log(JSON.stringify({ service: read.name, ...told, recorded: wrote }));
  else console.log(endText(read, end, wrote));
  if (end.outcome === "running") return interrupted;
  return end.outcome === "succeeded" ? 0 : 1;
}

/** The command that follows what was started last. */
export function watchLine(read: ReadRelease): string {
  return `next   ${watchCommand(read)}`;
}

/** Shows a deployment, and what rolls it back, to the end, or until Ctrl+C. */
async function follow(
  live: Rollout,
  deployment: string,
  read: ReadRelease,
  { json, poll }: FollowOptions,
): Promise<End> {
  const ending = new AbortController();
  const onSignal = () => ending.abort();
  process.once("SIGINT", onSignal);
  const view = json ? undefined : new RolloutView(process.stdout, read.name);
  const seen = new Map<string, Sight>();
  try {
    for await (const one of live.watch(deployment, { intervalMs: poll * 1000, signal: ending.signal })) {
      if (!("trouble" in one)) seen.set(one.id, one);
      view?.show(one);
    }
    const end = endOf(deployment, seen);
    const isWhole = end.outcome === "succeeded" || end.outcome === "rolled back";
    const target = seen.get(deployment)?.target;
    if (isWhole || target === undefined) return end;
    // How it ended is known by now, and is told in any case.
    return { ...end, left: await live.leftBehind(target).catch((error: Error) => error.message) };
  } catch (error) {
    if (ending.signal.aborted) return { ...endOf(deployment, seen), outcome: "running" };
    throw Unable.causedBy(
      error,
      `${(error as Error).message}: lost track of ${deployment}; run '${watchCommand(read)}' to follow it`,
    );
  } finally {
    process.removeListener("SIGINT", onSignal);
  }
}

function endOf(deployment: string, seen: ReadonlyMap<string, Sight>): End {
  const sight = seen.get(deployment);
  const back = sight?.rollbackId === undefined ? undefined : seen.get(sight.rollbackId);
  const common = {
    deployment,
    to: sight?.target?.version,
    reason: sight?.reason && `${sight.reason.code}: ${sight.reason.message}`,
    isAlarmed: sight?.reason?.code === "ALARM_ACTIVE",
    rollback: sight?.rollbackId,
  };
  if (sight?.status === "Succeeded") return { ...common, outcome: "succeeded" };
  if (back?.status === "Succeeded") return { ...common, outcome: "rolled back" };
  return { ...common, outcome: sight?.status === "Stopped" ? "stopped" : "failed" };
}

/**
 * Writes to the file what CodeDeploy has done, as the file is by then.
 *
 * @throws {Unable} where the file speaks of another version by then, or cannot be written
 */
function record({ name }: ReadRelease, { outcome, to }: End, now: Date): boolean {
  if (outcome !== "succeeded" && outcome !== "rolled back") return false;
  if (to === undefined)
    throw new Unable("CodeDeploy does not tell which version this shift was to: nothing is recorded");
  const read = readRelease(name);
  const canary = standingOf(read.release).canary?.version;
  if (canary !== to)
    throw new Unable(
      `CodeDeploy's shift to ${to} ${outcome === "succeeded" ? "has succeeded" : "was rolled back"}, but the ` +
        `canary of ${read.path} is ${canary ?? "gone"}: nothing is recorded`,
    );
  const transition: Transition = (state) => (outcome === "succeeded" ? promote : rollback)(state, { now });
  writeChange(changeOf(read, editsOf(read, transition)));
  return true;
}

function endText(read: ReadRelease, end: End, isRecorded: boolean): string {
  const { outcome, deployment, reason, rollback, left } = end;
  if (outcome === "running") return `\nthe shift goes on without being watched\n\n${watchLine(read)}`;
  const colour = outcome === "succeeded" ? "green" : "red";
  return [
    `\n${coloured(colour, outcome)}  ${deployment}${rollback === undefined ? "" : `, by ${rollback}`}`,
    ...(reason === undefined ? [] : [`because  ${reason}`]),
    ...(left === undefined ? [] : [`${coloured("yellow", "careful")}  ${left}`]),
    ...(isRecorded ? [`wrote ${read.path}: commit it`] : []),
    ...nextLines(read, end, isRecorded),
  ].join("\n");
}

/** What comes next: after an alarm the first is to look at it, and the last to do without it. */
function nextLines({ name, release }: ReadRelease, end: End, isRecorded: boolean): string[] {
  const { outcome, to, left, isAlarmed = false } = end;
  const isOpen = !isRecorded && standingOf(release).canary?.version === to && left === undefined;
  const hints: Suggestion[] = [];
  if (isAlarmed)
    hints.push({ command: `status ${name} --live`, effect: "shows which alarm is in ALARM, and why" });
  if (isOpen && outcome === "succeeded")
    hints.push({ command: `promote ${name}`, effect: `${to} is stable in the file too` });
  if (isOpen && outcome !== "succeeded")
    hints.push({
      command: `rollback ${name}`,
      effect: isAlarmed
        ? `drops ${to} from the file: repair it in a new version`
        : `drops ${to} from the file`,
    });
  if (isOpen && isAlarmed)
    hints.push({
      command: `rollout ${name} --ignore-alarms`,
      effect: "shifts although an alarm is in ALARM",
    });
  return hints.length === 0 ? [] : [`\n${hintLines(hints)}`];
}

function watchCommand({ name }: ReadRelease): string {
  return `npx lambda-release rollout ${name} --watch`;
}
