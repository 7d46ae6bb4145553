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

/** Requests that failed within a minute, or a part of one. Times are since the deployment was started. */
export interface Failures {
  readonly fromMs: number;
  readonly toMs: number;
  readonly failed: number;
}

/** A shift, minute by minute. */
export function minutesOf(played: Pick<PlayedShift, "startedAt" | "stretches" | "shares">): Minute[] {
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

/**
 * The failed requests of each minute.
 *
 * @param stopMs when the shift was stopped: it divides its minute. @default - it was not
 */
export function failuresOf(
  { startedAt, stretches }: Pick<PlayedShift, "startedAt" | "stretches">,
  stopMs = Number.POSITIVE_INFINITY,
): Failures[] {
  const start = startedAt.getTime();
  const parts = new Map<number, Failures>();
  for (const stretch of stretches) {
    const at = stretch.fromMs - start;
    const from = Math.floor(at / minute) * minute;
    const isAfter = at >= stopMs;
    const fromMs = isAfter ? Math.max(from, stopMs) : from;
    const toMs = isAfter ? from + minute : Math.min(from + minute, stopMs);
    const failed = (parts.get(fromMs)?.failed ?? 0) + stretch.failed;
    parts.set(fromMs, { fromMs, toMs, failed });
  }
  return [...parts.values()].sort((a, b) => a.fromMs - b.fromMs);
}
