import type { PlannedMove } from "../../../release/files/rehearsed-moves";
import type { FunctionsRelease } from "../../../release/release";
import type { Verdict } from "../../../verdict/verdict";
import { onsetsOf } from "../faults";
import { lookBackMs } from "../metric-alarms";
import { type Passing, pass, whileAlarmsLook } from "../passing-time";
import { minute } from "../time";
import type { Result } from "../totals";
import type { Stretch } from "../traffic";
import type { PlannedRelease } from "./planned-release";
import type { Look, WokenGuard } from "./woken-guard";

export interface ReleaseOptions extends Passing {
  readonly planned: PlannedRelease;
  /** How long there is traffic after a stop, and after the last onset of a version that serves then. With 0 there is none. */
  readonly afterMs: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** Does what an apply of the file after a move does. */
  readonly apply: (move: PlannedMove) => Promise<void>;
  /** @default - nothing moves users back */
  readonly guard?: WokenGuard;
  /** Asks for the verdict that a step waits for. @default - no step waits for one */
  readonly verdict?: (release: FunctionsRelease) => Promise<Verdict>;
  /** Is told how far it is, in milliseconds since the first move. */
  readonly onProgress?: (atMs: number) => void;
}

/** A move that was made. */
export interface MadeMove {
  readonly at: Date;
  readonly move: PlannedMove;
}

/** A verdict that a step waits for, and each time that its answer changed. */
export interface AskedVerdict {
  readonly at: Date;
  readonly move: PlannedMove;
  readonly verdict: Verdict;
}

/** A release from some time before its first move to some time after its end. */
export interface EndedRelease {
  readonly startedAt: Date;
  /** When the version served everybody, or was stopped, or a verb was refused. */
  readonly endedAt: Date;
  readonly result: Extract<Result, "released" | "stopped by the guard" | "held">;
  /** The alarms that stopped it, or kept a verb from going on. */
  readonly stoppedBy: readonly string[];
  readonly stretches: readonly Stretch[];
  readonly made: readonly MadeMove[];
  /** The move that was refused while an alarm was red, or without the verdict that it waits for. @default - none was */
  readonly refused?: MadeMove;
  /** The verdicts that steps waited for. */
  readonly verdicts: readonly AskedVerdict[];
  /** What the guard did. */
  readonly looks: readonly Look[];
}

/** Has a version get all users move by move, with traffic before, during and after it. */
export function playRelease(options: ReleaseOptions): Promise<EndedRelease> {
  return whileAlarmsLook(
    options,
    () => release(options),
    async (over) => options.guard?.run(over),
  );
}

async function release(options: ReleaseOptions): Promise<EndedRelease> {
  const { clock, planned, alarms, guard, traffic, leadMs, lateMinutes } = options;
  await pass(options, leadMs);
  const startedAt = clock.now();
  const made: MadeMove[] = [];
  const verdicts: AskedVerdict[] = [];
  // What steps have waited longer than they bake.
  let waitedMs = 0;
  const over = (
    result: EndedRelease["result"],
    endedAt: Date,
    stoppedBy: readonly string[],
    refused?: MadeMove,
  ) => ({
    startedAt,
    endedAt,
    result,
    stoppedBy,
    stretches: traffic.stretches,
    made,
    refused,
    verdicts,
    looks: guard?.looks ?? [],
  });
  for (const move of planned.moves) {
    await passUntil(options, startedAt, move.atMinutes * minute + waitedMs);
    if (guard?.stop !== undefined) break;
    const waited = await waitForVerdict(options, move, verdicts);
    waitedMs += waited.ms;
    if (guard?.stop !== undefined) break;
    if (waited.isRefused) {
      const at = clock.now();
      await passAfter(options, startedAt, [planned.from, planned.to]);
      return over("held", at, [theVerdict], { at, move });
    }
    const red = await alarms.active(planned.refusing);
    if (red.length > 0) {
      const at = clock.now();
      await passAfter(options, startedAt, [planned.from, planned.to]);
      return over("held", at, red, { at, move });
    }
    await options.apply(move);
    made.push({ at: clock.now(), move });
  }
  const promotedAt = clock.now();
  // What fails in the last moment, and what begins to fail later, is seen by then.
  const seenMs = lookBackMs(planned.alarms) + (lateMinutes + 2) * minute;
  const onset = onsetsOf(options.faults, [planned.to]).at(-1) ?? 0;
  await passUntil(options, startedAt, Math.max(promotedAt.getTime() - startedAt.getTime(), onset) + seenMs);
  if (guard?.stop === undefined) return over("released", promotedAt, []);
  const { at, action } = guard.stop;
  await passAfter(options, startedAt, [planned.from]);
  const names = planned.alarms.map(({ name }) => name);
  return over("stopped by the guard", at, [
    ...names.filter((name) => action.alarms.includes(name)),
    ...(action.reason.startsWith(theVerdict) ? [theVerdict] : []),
  ]);
}

/** What stopped a release where no alarm did. */
export const theVerdict = "the verdict";

/** How long a step is played that waits for a verdict. */
export const mostVerdictMinutes = 360;

interface WaitedForVerdict {
  readonly ms: number;
  /** Whether the move is not made: the canary is worse, or not enough was known in the time that is played. */
  readonly isRefused: boolean;
}

/** Asks each minute, as somebody who repeats the verb, until the answer is there or an alarm or the guard ends it. */
async function waitForVerdict(
  options: ReleaseOptions,
  move: PlannedMove,
  verdicts: AskedVerdict[],
): Promise<WaitedForVerdict> {
  const { clock, guard, alarms, planned, verdict: ask } = options;
  const { awaits } = move;
  if (awaits === undefined || ask === undefined) return { ms: 0, isRefused: false };
  const beganAt = clock.now().getTime();
  for (;;) {
    const verdict = await clock.during(ask(awaits));
    const last = verdicts.at(-1);
    if (last?.move !== move || last.verdict.answer !== verdict.answer)
      verdicts.push({ at: clock.now(), move, verdict });
    const ms = clock.now().getTime() - beganAt;
    const isOver = guard?.stop !== undefined || (await alarms.active(planned.refusing)).length > 0;
    if (verdict.answer === "as good" || isOver) return { ms, isRefused: false };
    // A guard that compares finds the same within a minute.
    const isLeftToGuard = verdict.answer === "worse" && planned.guarded?.guard.verdict === true;
    if ((verdict.answer === "worse" && !isLeftToGuard) || ms >= mostVerdictMinutes * minute)
      return { ms, isRefused: true };
    options.onProgress?.(move.atMinutes * minute + ms);
    await pass(options, options.stepMs);
  }
}

/** Lets some time pass after the end, and after the last onset of a version that serves then. */
async function passAfter(
  options: ReleaseOptions,
  startedAt: Date,
  serving: readonly string[],
): Promise<void> {
  const { clock, faults, afterMs } = options;
  if (afterMs === 0) return;
  const onset = onsetsOf(faults, serving).at(-1) ?? 0;
  await pass(options, Math.max(0, onset - (clock.now().getTime() - startedAt.getTime())) + afterMs);
}

/** Lets time pass until a moment since the first move, or until the guard has stopped the version. */
async function passUntil(options: ReleaseOptions, startedAt: Date, atMs: number): Promise<void> {
  const { clock, guard, stepMs, onProgress } = options;
  for (;;) {
    const now = clock.now().getTime() - startedAt.getTime();
    onProgress?.(now);
    if (now >= atMs || guard?.stop !== undefined) return;
    await pass(options, Math.min(stepMs, atMs - now));
  }
}
