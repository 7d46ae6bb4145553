import type { PlannedMove } from "../../../release/files/rehearsed-moves";
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
  /** Is told how far it is, in milliseconds since the first move. */
  readonly onProgress?: (atMs: number) => void;
}

/** A move that was made. */
export interface MadeMove {
  readonly at: Date;
  readonly move: PlannedMove;
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
  /** The move that was refused while an alarm was red. @default - none was */
  readonly refused?: MadeMove;
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
    looks: guard?.looks ?? [],
  });
  for (const move of planned.moves) {
    await passUntil(options, startedAt, move.atMinutes * minute);
    if (guard?.stop !== undefined) break;
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
  return over(
    "stopped by the guard",
    at,
    names.filter((name) => action.reason.includes(`alarm ${name}`)),
  );
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
