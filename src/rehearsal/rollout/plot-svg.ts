import { page, type Theme, text } from "../svg";
import { onsetsIn, type Plot, spanOf, topOf } from "./plot";
import { clockTime, minute, percentText } from "./time";

const width = 880;
const left = 70;
const right = 24;
const plotWidth = width - left - right;
const plotHeight = 130;
const tops = { share: 76, failed: 76 + plotHeight + 56 };
const height = tops.failed + plotHeight + 56;
const theme: Theme = {
  ".axis": { stroke: ["#59636e", "#9198a1"] },
  ".grid": { stroke: ["#d1d9e0", "#3d444d"] },
  ".area": { fill: ["#dcfce7", "#14452f"] },
  ".share": { stroke: ["#15803d", "#4ade80"] },
  ".failed": { fill: ["#dc2626", "#f87171"] },
  ".stop": { stroke: ["#1f2328", "#f0f6fc"] },
};

/** A picture of a shift: who served over time, and how many requests failed in each minute. */
export function plotSvg({ failures, shares, version, stop, onsets }: Plot, title: string): string {
  const [first, minutes] = spanOf(failures);
  const xOf = (ms: number) => round(left + ((ms - first) / (minutes * minute)) * plotWidth);
  const most = Math.max(1, ...failures.map(({ failed }) => failed));
  const top = topOf(shares);
  const yOf = (percent: number) => round(tops.share + plotHeight * (1 - percent / top));
  const steps = shares.map(({ atMs, percent }) => `H${xOf(atMs)} V${yOf(percent)}`);
  const line = `M${left} ${yOf(0)} ${steps.join(" ")} H${width - right}`;
  const bars = failures.flatMap(({ fromMs, toMs, failed }) => {
    if (failed === 0) return [];
    const barHeight = round((failed / most) * plotHeight);
    const y = round(tops.failed + plotHeight - barHeight);
    const barWidth = round(Math.max(1, xOf(toMs) - xOf(fromMs) - 1));
    return [`<rect class="failed" x="${xOf(fromMs)}" y="${y}" width="${barWidth}" height="${barHeight}"/>`];
  });
  return page({ width, height, fontSize: 12, title, theme }, [
    text(left, 26, title, "start", 600),
    ...legend(version),
    `<path class="area" d="${line} V${yOf(0)} Z"/>`,
    ...axis(tops.share, ["0 %", percentText(top / 2), percentText(top)], "share of requests"),
    `<path class="share" d="${line}" fill="none" stroke-width="2"/>`,
    ...axis(tops.failed, ["0", "", most.toLocaleString("en")], "failed per minute"),
    ...bars,
    ...times(first / minute, minutes, (at) => xOf(at * minute)),
    ...onsetsIn(failures, onsets).flatMap(({ atMs, text }) => onsetLine(xOf(atMs), text)),
    ...(stop === undefined ? [] : stopLine(xOf(stop.atMs), stop.text)),
  ]);
}

function legend(version: string): string[] {
  return [
    `<line class="share" x1="${left}" y1="46" x2="${left + 12}" y2="46" stroke-width="2"/>`,
    text(left + 18, 50, `share of version ${version}`, "start", 400),
    `<rect class="failed" x="${left + 300}" y="40" width="12" height="12"/>`,
    text(left + 318, 50, "failed requests", "start", 400),
  ];
}

/** @param labels at the bottom, in the middle and at the top */
function axis(top: number, labels: readonly string[], name: string): string[] {
  const middle = top + plotHeight / 2;
  return [
    ...labels.flatMap((label, index) => {
      const y = top + plotHeight - (index * plotHeight) / 2;
      const kind = index === 0 ? "axis" : "grid";
      return [
        `<line class="${kind}" x1="${left}" y1="${y}" x2="${width - right}" y2="${y}"/>`,
        text(left - 8, y + 4, label, "end", 400, "faint"),
      ];
    }),
    `<g transform="rotate(-90 18 ${middle})">${text(18, middle, name, "middle", 400, "faint")}</g>`,
  ];
}

function times(first: number, count: number, xOf: (at: number) => number): string[] {
  const every =
    [1, 2, 5, 10, 20, 30, 60, 120, 240, 480].find((step) => (step / count) * plotWidth >= 50) ?? 1440;
  const labels: string[] = [];
  for (let at = Math.ceil(first / every) * every; at <= first + count; at += every) {
    for (const top of Object.values(tops)) {
      const y = top + plotHeight;
      labels.push(
        `<line class="axis" x1="${xOf(at)}" y1="${y}" x2="${xOf(at)}" y2="${y + 4}"/>`,
        text(xOf(at), y + 18, clockTime(at * minute), "middle", 400, "faint"),
      );
    }
  }
  const name = "minutes and seconds since the deployment was started";
  return [...labels, text(left + plotWidth / 2, height - 12, name, "middle", 400, "faint")];
}

function stopLine(x: number, label: string): string[] {
  const isLeft = x < left + plotWidth * 0.75;
  return [
    `<line class="stop" x1="${x}" y1="${tops.share - 16}" x2="${x}" y2="${tops.failed + plotHeight}" stroke-width="1.5" stroke-dasharray="5 3"/>`,
    text(isLeft ? x + 6 : x - 6, tops.share - 6, label, isLeft ? "start" : "end", 600),
  ];
}

/** On the axis of the failed requests, apart from where the stop is told. */
function onsetLine(x: number, label: string): string[] {
  const y = tops.failed - 6;
  const isLeft = x < left + plotWidth * 0.75;
  return [
    `<line class="stop" x1="${x}" y1="${y - 10}" x2="${x}" y2="${tops.failed + plotHeight}" stroke-width="1" stroke-dasharray="2 3"/>`,
    text(isLeft ? x + 6 : x - 6, y, label, isLeft ? "start" : "end", 400),
  ];
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
