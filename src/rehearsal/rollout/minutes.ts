import type { PlayedShift } from "./played-shift";
import { minute } from "./time";
import { percentAt } from "./timeline";

/** A minute of a shift, counted from where its deployment was started. */
export interface Minute {
  /** -1 is the last one before. */
  readonly at: number;
  /** The new version's share, on the average. */
  readonly percent: number;
  readonly requests: number;
  readonly failed: number;
}

/** A shift, minute by minute. */
export function minutesOf(played: PlayedShift): Minute[] {
  const start = played.startedAt.getTime();
  const minutes = new Map<number, Minute>();
  for (const { fromMs, toMs, requests, failed } of played.stretches) {
    const at = Math.floor((fromMs - start) / minute);
    const before = minutes.get(at) ?? { at, percent: 0, requests: 0, failed: 0 };
    const percent = before.percent + (percentAt(played, fromMs) * (toMs - fromMs)) / minute;
    minutes.set(at, { at, percent, requests: before.requests + requests, failed: before.failed + failed });
  }
  return [...minutes.values()]
    .sort((a, b) => a.at - b.at)
    .map((one) => ({ ...one, percent: Number(one.percent.toFixed(4)) }));
}
