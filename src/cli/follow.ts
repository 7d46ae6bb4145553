import type { Rollout, Together } from "../live/rollout";
import type { Sight } from "../live/sight";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { standingOf } from "../release/steps/standing";
import { promote, rollback, type Transition } from "../release/verbs/transitions";
import { coloured } from "../terminal/colour";
import { interrupted } from "../terminal/signals";
import { hintLines } from "./report";
import { type ShowOptions, showShift, watchLine } from "./show-shift";
import type { Suggestion } from "./suggestions";

export interface FollowOptions extends ShowOptions {
  /** Whether the end is written to the file. */
  readonly record: boolean;
}

/** How a shift has ended, or how it was left. */
interface End {
  readonly outcome: "succeeded" | "rolled back" | "failed" | "stopped" | "running";
  /** One, or one of each function that is moved. */
  readonly deployments: readonly string[];
  /** The version that they shifted to, as the file calls it. */
  readonly to?: string;
  readonly reason?: string;
  /** Whether an alarm has stopped it. */
  readonly isAlarmed?: boolean;
  /** What took them back. */
  readonly rollbacks: readonly string[];
  /** What is wrong with who serves now. */
  readonly left?: string;
}

/**
 * Shows deployments to their end, or until Ctrl+C.
 *
 * @returns the exit code: 0 succeeded, 1 rolled back, failed or stopped
 */
export async function followToEnd(
  live: Rollout,
  together: Together,
  read: ReadRelease,
  options: FollowOptions,
  now: Date,
): Promise<number> {
  const end = await follow(live, together, read, options);
  const wrote = options.record && record(read, end, now);
  if (options.json)
    console.log(JSON.stringify({ service: read.name, ...toldOf(live, end), recorded: wrote }));
  else console.log(endText(read, end, wrote));
  if (end.outcome === "running") return interrupted;
  return end.outcome === "succeeded" ? 0 : 1;
}

/** As scripts get it: of one deployment its id, of several theirs. */
function toldOf({ isOne }: Rollout, { deployments, rollbacks, isAlarmed: _, ...end }: End) {
  if (!isOne) return { deployments, ...end, rollbacks };
  const [[deployment], [rollback]] = [deployments, rollbacks];
  return { deployment, ...end, rollback };
}

/** Shows deployments, and what rolls them back, to the end, or until Ctrl+C. */
async function follow(
  live: Rollout,
  together: Together,
  read: ReadRelease,
  options: FollowOptions,
): Promise<End> {
  const seen = new Map<string, Sight>();
  const end = await showShift(read, options, idsOf(together), async (show, watching) => {
    for await (const one of live.watch(together, watching)) {
      if (!("trouble" in one)) seen.set(one.id, one);
      show(one);
    }
    const found = endOf(live, together, seen);
    if (found.outcome === "succeeded" || found.outcome === "rolled back") return found;
    // How it ended is known by now, and is told in any case.
    const left = sightsOf(together, seen).map((sight) =>
      live.leftBehind(sight).catch((error: Error) => error.message),
    );
    const lines = (await Promise.all(left)).filter((line) => line !== undefined);
    return lines.length === 0 ? found : { ...found, left: lines.join("; ") };
  });
  return end ?? { ...endOf(live, together, seen), outcome: "running" };
}

/** What of a shift is followed, in a message. */
export function idsOf({ shifts }: Together): string {
  return shifts.map(({ id }) => id).join(" and ");
}

function sightsOf({ shifts }: Together, seen: ReadonlyMap<string, Sight>): readonly Sight[] {
  return shifts.flatMap(({ id }) => seen.get(id) ?? []);
}

function endOf(live: Rollout, together: Together, seen: ReadonlyMap<string, Sight>): End {
  const sights = sightsOf(together, seen);
  const outcomes = sights.map((sight) => outcomeOf(sight, seen));
  const reasons = sights.flatMap(({ reason }) => reason ?? []);
  // Those that were stopped with it tell of the stop alone.
  const reason = reasons.find(({ code }) => code !== "MANUAL_STOP") ?? reasons[0];
  const [outcome = "failed", ...others] = new Set(outcomes);
  return {
    deployments: together.shifts.map(({ id }) => id),
    to: live.versionOf(sights),
    reason: reason && `${reason.code}: ${reason.message}`,
    isAlarmed: reason?.code === "ALARM_ACTIVE",
    rollbacks: sights.flatMap(({ rollbackId }) => rollbackId ?? []),
    outcome: others.length === 0 ? outcome : (whatIsBroken(outcomes) ?? "failed"),
  };
}

/** One that had succeeded was taken back where another one that moves with it had not. */
function outcomeOf(
  { status, rollbackId }: Sight,
  seen: ReadonlyMap<string, Sight>,
): Exclude<End["outcome"], "running"> {
  const back = rollbackId === undefined ? undefined : seen.get(rollbackId);
  if (back?.status === "Succeeded") return "rolled back";
  if (status === "Succeeded" && rollbackId === undefined) return "succeeded";
  return status === "Stopped" ? "stopped" : "failed";
}

function whatIsBroken(outcomes: readonly Exclude<End["outcome"], "running">[]) {
  return outcomes.find((one) => one === "failed" || one === "stopped");
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
      `the CodeDeploy shift to ${to} ${outcome === "succeeded" ? "has succeeded" : "was rolled back"}, but the ` +
        `canary of ${read.path} is ${canary ?? "gone"}: nothing is recorded`,
    );
  const transition: Transition = (state) => (outcome === "succeeded" ? promote : rollback)(state, { now });
  writeChange(changeOf(read, editsOf(read, transition)));
  return true;
}

function endText(read: ReadRelease, end: End, isRecorded: boolean): string {
  const { outcome, deployments, reason, rollbacks, left } = end;
  if (outcome === "running") return `\n${unwatchedText(end)}\n\n${watchLine(read)}`;
  const colour = outcome === "succeeded" ? "green" : "red";
  return [
    `\n${coloured(colour, outcome)}  ${deployments.join(" and ")}${rollbacks.length === 0 ? "" : `, by ${rollbacks.join(" and ")}`}`,
    ...(reason === undefined ? [] : [`because  ${reason}`]),
    ...(left === undefined ? [] : [`${coloured("yellow", "careful")}  ${left}`]),
    ...(isRecorded ? [`wrote ${read.path}: commit it`] : []),
    ...nextLines(read, end, isRecorded),
  ].join("\n");
}

function unwatchedText({ deployments }: End): string {
  const text = "the shift goes on without being watched";
  if (deployments.length === 1) return text;
  return `${text}: until it is, a hook that fails for one function does not stop the others`;
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
