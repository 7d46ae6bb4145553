import { coloured } from "../../terminal/colour";
import type { Failures } from "./minutes";
import { clockTime, minute, percentText } from "./time";

const eighths = " ▁▂▃▄▅▆▇█";
const rows = 4;
const labelWidth = 8;
/** More than that make a short shift no clearer. */
const mostPerMinute = 12;

/** What a picture of a shift is made of. Times are since the deployment was started. */
export interface Plot {
  /** One after the other, without a gap. */
  readonly failures: readonly Failures[];
  /** The new version's share, from when on. */
  readonly shares: readonly Share[];
  /** The version that is new. */
  readonly version: string;
  /** When something began to be wrong on purpose, and what. @default - nothing did */
  readonly onsets?: readonly Mark[];
  /** When it was stopped, and what that is called. @default - it was not */
  readonly stop?: Mark;
}

/** What happened in a moment. */
export interface Mark {
  readonly atMs: number;
  readonly text: string;
}

export interface Share {
  readonly atMs: number;
  readonly percent: number;
}

/** Who serves, and how many requests fail, over time. @param width that a line may have */
export function plotText({ failures, shares, version, stop, onsets }: Plot, width: number): string {
  const [first, minutes] = spanOf(failures);
  const room = Math.max(10, width - labelWidth - 2);
  const perMinute = Math.min(mostPerMinute, Math.floor(room / minutes));
  const columnsPerMinute = perMinute >= 1 ? perMinute : room / minutes;
  const columnMs = minute / columnsPerMinute;
  const columns = Array.from({ length: Math.round(minutes * columnsPerMinute) }, (_, index) => {
    const from = first + index * columnMs;
    const middle = Math.round(from + columnMs / 2);
    const failed =
      perMinute >= 1 ? failedAt(failures, middle) : failedPerMinute(failures, from, from + columnMs);
    return { middle, percent: shareAt(shares, middle), failed };
  });
  const columnOf = (ms: number) => columns.filter(({ middle }) => middle < ms).length;
  const top = topOf(shares);
  const most = Math.max(1, ...columns.map(({ failed }) => failed));
  const share = columns.map(({ percent }) => percent / top);
  const failed = columns.map((one) => one.failed / most);
  const axis = `${" ".repeat(labelWidth)}└${"─".repeat(columns.length)}`;
  return [
    `share of version ${version}`,
    ...area(share, [percentText(top), percentText(top / 2), "0 %"], "green"),
    axis,
    "failed requests per minute",
    ...area(failed, [label(most), "", "0"], "red"),
    axis,
    times(columns.length, first / minute, columnsPerMinute, width),
    ...onsetsIn(failures, onsets).map(({ atMs, text }) => mark(columnOf(atMs), text, width)),
    ...(stop === undefined ? [] : [mark(columnOf(stop.atMs), stop.text, width)]),
  ].join("\n");
}

/** When a plot begins, and how many minutes it has. */
export function spanOf(failures: readonly Failures[]): readonly [firstMs: number, minutes: number] {
  const first = failures[0]?.fromMs ?? 0;
  return [first, Math.max(1, ((failures.at(-1)?.toMs ?? 0) - first) / minute)];
}

/** Those that fall into a plot, each with its time. */
export function onsetsIn(failures: readonly Failures[], onsets: readonly Mark[] = []): Mark[] {
  const last = failures.at(-1)?.toMs ?? 0;
  return onsets
    .filter(({ atMs }) => atMs <= last)
    .map(({ atMs, text }) => ({ atMs, text: `${text} ${clockTime(atMs)}` }));
}

/** The percent at the top of the axis: the first of these that no share is above, so that a small share is seen. */
export function topOf(shares: readonly Share[]): number {
  const most = Math.max(0, ...shares.map(({ percent }) => percent));
  return [1, 2, 5, 10, 20, 50].find((top) => top >= most) ?? 100;
}

function shareAt(shares: readonly Share[], ms: number): number {
  return shares.filter(({ atMs }) => atMs <= ms).at(-1)?.percent ?? 0;
}

function failedAt(failures: readonly Failures[], ms: number): number {
  return failures.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)?.failed ?? 0;
}

/** Where a column is longer than a minute: the average of its minutes. */
function failedPerMinute(failures: readonly Failures[], from: number, to: number): number {
  const within = failures.map(({ fromMs, toMs, failed }) => {
    const overlap = Math.min(to, toMs) - Math.max(from, fromMs);
    return overlap > 0 ? (failed * overlap) / (toMs - fromMs) : 0;
  });
  return (within.reduce((sum, failed) => sum + failed, 0) * minute) / (to - from);
}

/** @param parts of the full height, from 0 to 1 */
function area(
  parts: readonly number[],
  [top = "", middle = "", bottom = ""]: readonly string[],
  colour: "green" | "red",
): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const text = row === 0 ? top : row === rows - 1 ? bottom : row === rows / 2 ? middle : "";
    const floor = rows - 1 - row;
    const cells = parts.map((part) => {
      // What is there at all is seen.
      const level = part > 0 ? Math.max(1, Math.round(part * rows * 8)) : 0;
      return eighths[Math.min(8, Math.max(0, level - floor * 8))];
    });
    return `${text.padStart(labelWidth - 1)} ${text === "" ? "│" : "┤"}${coloured(colour, cells.join("").trimEnd())}`;
  });
}

/** Times below the axis, as many as there is room for. */
function times(columns: number, first: number, columnsPerMinute: number, width: number): string {
  const every = [1, 2, 5, 10, 20, 30, 60, 120, 240, 480].find((step) => step * columnsPerMinute >= 8) ?? 1440;
  let line = "";
  for (let at = Math.ceil(first / every) * every; (at - first) * columnsPerMinute <= columns; at += every) {
    const longer = line.padEnd(Math.round((at - first) * columnsPerMinute)) + clockTime(at * minute);
    if (labelWidth + 1 + longer.length > width) break;
    line = longer;
  }
  return " ".repeat(labelWidth + 1) + line;
}

function mark(column: number, text: string, width: number): string {
  const at = labelWidth + 1 + column;
  const line = at + text.length + 2 <= width ? `${" ".repeat(at)}▲ ${text}` : `${text} ▲`.padStart(at + 1);
  return coloured("red", line);
}

function label(value: number): string {
  return String(Number(value.toFixed(1)));
}
