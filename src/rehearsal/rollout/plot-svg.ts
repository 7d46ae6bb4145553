import { text } from "../svg";
import type { Plot } from "./plot";
import { clockTime, minute } from "./time";

const width = 880;
const left = 70;
const right = 24;
const plotWidth = width - left - right;
const plotHeight = 130;
const tops = { share: 76, failed: 76 + plotHeight + 56 };
const height = tops.failed + plotHeight + 56;
const colours = { share: "#16a34a", failed: "#dc2626", axis: "#6b7280", grid: "#e5e7eb", stop: "#111827" };

/** A picture of a shift: who served over time, and how many requests failed in each minute. */
export function plotSvg({ minutes, shares, version, stop }: Plot, title: string): string {
  const first = minutes[0]?.at ?? 0;
  const count = Math.max(minutes.length, 1);
  const xOf = (at: number) => round(left + ((at - first) / count) * plotWidth);
  const most = Math.max(1, ...minutes.map(({ failed }) => failed));
  const shareOf = (percent: number) => round(tops.share + plotHeight * (1 - percent / 100));
  const steps = shares.map(({ atMs, percent }) => `H${xOf(atMs / minute)} V${shareOf(percent)}`);
  const bars = minutes.flatMap(({ at, failed }) => {
    if (failed === 0) return [];
    const barHeight = round((failed / most) * plotHeight);
    const y = round(tops.failed + plotHeight - barHeight);
    const barWidth = round(Math.max(1, (plotWidth / count) * 0.8));
    return [
      `<rect x="${xOf(at + 0.1)}" y="${y}" width="${barWidth}" height="${barHeight}" fill="${colours.failed}"/>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#ffffff"/>`,
    text(left, 26, title, "start", 600),
    ...legend(version, stop !== undefined),
    ...axis(tops.share, ["0 %", "50 %", "100 %"], "share of requests"),
    ...axis(tops.failed, ["0", "", most.toLocaleString("en")], "failed per minute"),
    `<path d="M${left} ${shareOf(0)} ${steps.join(" ")} H${width - right}" fill="none" stroke="${colours.share}" stroke-width="2"/>`,
    ...bars,
    ...times(first, count, xOf),
    ...(stop === undefined ? [] : stopLine(xOf(stop.atMs / minute), stop.text)),
    "</svg>\n",
  ].join("\n");
}

function legend(version: string, isStopped: boolean): string[] {
  const entries = [
    { colour: colours.share, label: `version ${version}'s share` },
    { colour: colours.failed, label: "failed requests" },
    ...(isStopped ? [{ colour: colours.stop, label: "stop" }] : []),
  ];
  return entries.flatMap(({ colour, label }, index) => {
    const x = left + index * 150;
    return [
      `<rect x="${x}" y="40" width="12" height="12" fill="${colour}"/>`,
      text(x + 18, 50, label, "start", 400),
    ];
  });
}

/** @param labels at the bottom, in the middle and at the top */
function axis(top: number, labels: readonly string[], name: string): string[] {
  const middle = top + plotHeight / 2;
  return [
    ...labels.flatMap((label, index) => {
      const y = top + plotHeight - (index * plotHeight) / 2;
      const colour = index === 0 ? colours.axis : colours.grid;
      return [
        `<line x1="${left}" y1="${y}" x2="${width - right}" y2="${y}" stroke="${colour}"/>`,
        text(left - 8, y + 4, label, "end", 400, colours.axis),
      ];
    }),
    `<g transform="rotate(-90 18 ${middle})">${text(18, middle, name, "middle", 400, colours.axis)}</g>`,
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
        `<line x1="${xOf(at)}" y1="${y}" x2="${xOf(at)}" y2="${y + 4}" stroke="${colours.axis}"/>`,
        text(xOf(at), y + 18, clockTime(at * minute), "middle", 400, colours.axis),
      );
    }
  }
  const name = "minutes and seconds since the deployment was started";
  return [...labels, text(left + plotWidth / 2, height - 12, name, "middle", 400, colours.axis)];
}

function stopLine(x: number, label: string): string[] {
  const isLeft = x < left + plotWidth * 0.75;
  return [
    `<line x1="${x}" y1="${tops.share - 8}" x2="${x}" y2="${tops.failed + plotHeight}" stroke="${colours.stop}" stroke-width="1.5" stroke-dasharray="5 3"/>`,
    text(isLeft ? x + 6 : x - 6, tops.share - 3, label, isLeft ? "start" : "end", 600, colours.stop),
  ];
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
