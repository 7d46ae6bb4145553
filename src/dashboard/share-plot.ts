import { type Html, html } from "./html";
import type { PastChange } from "./service-state";
import { colourOf } from "./text";

const width = 600;
const height = 132;
/** Room for the shares on the left, for the names of versions on the right and for the days below. */
const edge = { left: 40, right: 84, top: 8, bottom: 20 };
const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
const dayMs = 86_400_000;
/** What a label needs from the next one. */
const lineHeight = 13;

/** The shares from one moment on. */
interface Stretch {
  readonly from: number;
  readonly shares: Readonly<Record<string, number>>;
}

export interface PlottedShares {
  readonly changes: readonly PastChange[];
  /** Those that have colours, in their order. */
  readonly versions: readonly string[];
  readonly days: number;
  readonly now: Date;
}

/** The shares of the versions over the last days, stacked: a change is a step. @returns nothing where none is recorded */
export function sharePlot({ changes, versions, days, now }: PlottedShares): Html | undefined {
  const end = now.getTime();
  const begin = end - days * dayMs;
  const stretches = stretchesOf(changes, begin, end);
  if (stretches.length === 0) return undefined;
  const x = (time: number) => round(edge.left + ((time - begin) / (end - begin)) * inner.width);
  const y = (percent: number) => round(edge.top + inner.height * (1 - percent / 100));
  const bands = stretches.flatMap(({ from, shares }, index) => {
    const to = stretches[index + 1]?.from ?? end;
    let below = 0;
    return served(shares).map(([version, percent]) => {
      const top = below + percent;
      const band = html`<rect class="${colourOf(versions, version)}" x="${x(from)}" y="${y(top)}" width="${round(Math.max(0.5, x(to) - x(from)))}" height="${round(y(below) - y(top))}"/>`;
      below = top;
      return band;
    });
  });
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="Shares of the last ${days} days; the table below says the same">
<g shape-rendering="crispEdges">${bands}</g>
${[0, 50, 100].map((percent) => gridLine(percent, y(percent)))}
${daysOf(begin, end).map((day) => html`<line class="grid" x1="${x(day)}" x2="${x(day)}" y1="${edge.top}" y2="${edge.top + inner.height}"/><text class="faint" x="${x(day)}" y="${height - 5}" text-anchor="middle">${new Date(day).toISOString().slice(5, 10)}</text>`)}
${labels(stretches.at(-1)?.shares ?? {}, y)}
</svg>`;
}

/** From the beginning of the plot on; what is not committed yet counts from now on, and is no stretch. */
function stretchesOf(changes: readonly PastChange[], begin: number, end: number): Stretch[] {
  const all = changes.flatMap(({ at, shares }) =>
    at === undefined || shares === undefined ? [] : [{ from: Date.parse(at), shares }],
  );
  const before = all.findLast(({ from }) => from <= begin);
  const within = all.filter(({ from }) => from > begin && from <= end);
  return before === undefined ? within : [{ ...before, from: begin }, ...within];
}

function gridLine(percent: number, y: number): Html {
  return html`<line class="grid" x1="${edge.left}" x2="${edge.left + inner.width}" y1="${y}" y2="${y}"/><text class="faint" x="${edge.left - 6}" y="${y + 4}" text-anchor="end">${percent} %</text>`;
}

/** Midnights, at most 7 of them and evenly apart. */
function daysOf(begin: number, end: number): number[] {
  const first = Math.ceil(begin / dayMs);
  const last = Math.floor(end / dayMs);
  const apart = Math.max(1, Math.ceil((last - first) / 6));
  const days: number[] = [];
  for (let day = last; day >= first; day -= apart) days.unshift(day * dayMs);
  return days;
}

/** Names beside the right end, each at its band, and none over another. */
function labels(shares: Stretch["shares"], y: (percent: number) => number): Html[] {
  let below = 0;
  let lowest = height - edge.bottom + lineHeight;
  return served(shares).map(([version, percent]) => {
    const middle = y(below + percent / 2) + 4;
    below += percent;
    lowest = Math.min(middle, lowest - lineHeight);
    return html`<text x="${edge.left + inner.width + 8}" y="${round(lowest)}">${shortened(version)} ${percent} %</text>`;
  });
}

function served(shares: Stretch["shares"]) {
  return Object.entries(shares).filter(([, percent]) => percent > 0);
}

function shortened(version: string): string {
  return version.length > 6 ? `${version.slice(0, 5)}…` : version;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
