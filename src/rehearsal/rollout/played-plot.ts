import type { ToldFault } from "./fault-text";
import { failuresOf } from "./minutes";
import type { PlayedShift } from "./played-shift";
import type { Mark, Plot } from "./plot";
import { clockTime } from "./time";
import type { Totals } from "./totals";

export interface PlotParts {
  readonly played: Pick<PlayedShift, "startedAt" | "shares" | "stretches">;
  /** The version that is new. */
  readonly version: string;
  readonly told: readonly ToldFault[];
  /** What ended it before the version served everybody. @default - nothing did */
  readonly stop?: Pick<Totals, "result" | "tookMs">;
}

/** The picture of what was played. */
export function plotOf({ played, version, told, stop }: PlotParts): Plot {
  const { startedAt, shares } = played;
  return {
    failures: failuresOf(played, stop?.tookMs),
    shares: shares.map(({ at, percent }) => ({ atMs: at.getTime() - startedAt.getTime(), percent })),
    version,
    onsets: onsetMarks(told),
    stop: stop && { atMs: stop.tookMs, text: `${stop.result} ${clockTime(stop.tookMs)}` },
  };
}

function onsetMarks(told: readonly ToldFault[]): Mark[] {
  const moments = [...new Set(told.map(({ fromMs }) => fromMs))].filter(Number.isFinite);
  return moments.map((atMs) => ({
    atMs,
    text: [...new Set(told.filter(({ fromMs }) => fromMs === atMs).map(({ what }) => what))].join(" and "),
  }));
}
