import { coloured } from "../../terminal/colour";
import type { Minute } from "./minutes";
import { clockTime, minute } from "./time";

const eighths = " ▁▂▃▄▅▆▇█";
const rows = 4;
const labelWidth = 8;

/** What a picture of a shift is made of. Times are since the deployment was started. */
export interface Plot {
  readonly minutes: readonly Minute[];
  /** The new version's share, from when on. */
  readonly shares: readonly Share[];
  /** The version that is new. */
  readonly version: string;
  /** When it was stopped, and what that is called. @default - it was not */
  readonly stop?: { readonly atMs: number; readonly text: string };
}

export interface Share {
  readonly atMs: number;
  readonly percent: number;
}

/** Who serves, and how many requests fail, over time. @param width that a line may have */
export function plotText({ minutes, shares, version, stop }: Plot, width: number): string {
  const first = minutes[0]?.at ?? 0;
  const room = Math.max(10, width - labelWidth - 2);
  const perMinute = Math.min(6, Math.floor(room / minutes.length));
  const columnsPerMinute = perMinute >= 1 ? perMinute : room / minutes.length;
  const columns = Array.from({ length: Math.round(minutes.length * columnsPerMinute) }, (_, index) => {
    const from = index / columnsPerMinute;
    const part = minutes.slice(Math.floor(from), Math.max(Math.floor(from) + 1, from + 1 / columnsPerMinute));
    return {
      percent: shareAt(shares, (first + from + 0.5 / columnsPerMinute) * minute),
      failed: part.reduce((sum, { failed }) => sum + failed, 0) / part.length,
    };
  });
  const columnOf = (ms: number) => Math.floor((ms / minute - first) * columnsPerMinute);
  const most = Math.max(1, ...columns.map(({ failed }) => failed));
  const share = columns.map(({ percent }) => percent / 100);
  const failed = columns.map((one) => one.failed / most);
  const axis = `${" ".repeat(labelWidth)}└${"─".repeat(columns.length)}`;
  return [
    `share of version ${version}`,
    ...area(share, ["100 %", "50 %", "0 %"], "green"),
    axis,
    "failed requests per minute",
    ...area(failed, [label(most), "", "0"], "red"),
    axis,
    times(columns.length, first, columnsPerMinute, width),
    ...(stop === undefined ? [] : [mark(columnOf(stop.atMs), stop.text, width)]),
  ].join("\n");
}

function shareAt(shares: readonly Share[], ms: number): number {
  return shares.filter(({ atMs }) => atMs <= ms).at(-1)?.percent ?? 0;
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
