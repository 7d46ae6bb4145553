import { RolloutView } from "../../src/cli/rollout-view";
import type { Sight } from "../../src/live/sight";

const sight: Sight = {
  id: "d-1",
  status: "InProgress",
  isOver: false,
  awaitsRollback: false,
  events: [{ name: "AllowTraffic", status: "InProgress" }],
};
const share = (percent: number) => ({ ...sight, target: { version: "2", percent, from: "1" } });

/** What a terminal shows of what was written: escapes go up, and clear what is below. */
function shown(written: string): string[] {
  let lines: string[] = [];
  for (const [, up, text] of written.replaceAll("\x1b", "ESC").matchAll(/ESC\[(\d+)AESC\[J|([^\n]*)\n/g)) {
    if (up === undefined) lines.push(text as string);
    else lines = lines.slice(0, -Number(up));
  }
  return lines;
}

function write(isTTY: boolean | number, ...all: Parameters<RolloutView["show"]>[0][]): string {
  const written: string[] = [];
  const columns = typeof isTTY === "number" ? isTTY : 40;
  const output = { isTTY: isTTY !== false, columns, write: (text: string) => written.push(text) > 0 };
  const view = new RolloutView(output, "dev/shop");
  for (const one of all) view.show(one);
  return written.join("");
}

test("a terminal has each deployment once, as it is now", () => {
  const back = { ...share(100), id: "d-2", rollsBack: "d-1" };
  expect(shown(write(true, sight, share(10), share(50), back))).toEqual([
    "d-1  InProgress",
    "AllowTraffic  InProgress",
    "version 2  50 %",
    "d-2  InProgress, rolls d-1 back",
    "AllowTraffic  InProgress",
    "version 2  100 %",
  ]);
});

test("a terminal keeps what was in the way, and goes on below it", () => {
  expect(shown(write(true, sight, { trouble: "AWS throttles" }, share(10), share(20)))).toEqual([
    "d-1  InProgress",
    "AllowTraffic  InProgress",
    "waiting  AWS throttles",
    "d-1  InProgress",
    "AllowTraffic  InProgress",
    "version 2  20 %",
  ]);
});

test("a line that does not fit is cut, for it would be two to go back over", () => {
  const long = { ...sight, rollsBack: "d-".padEnd(60, "0") };
  expect(shown(write(true, long, { ...long, status: "Succeeded" }))).toHaveLength(2);
  expect(write(true, long).split("\n")[0]).toHaveLength(39);
});

test("a terminal that tells no width gets whole lines", () => {
  expect(shown(write(0, sight))).toEqual(["d-1  InProgress", "AllowTraffic  InProgress"]);
});

test("a wait tells until when, and what ends it", () => {
  const moved = { ...sight, target: { version: "v2", percent: 100, from: "v1" } };
  const until = "2026-11-21T14:30:59.000Z";
  const waits = (wait: NonNullable<Sight["waits"]>) =>
    shown(write(80, { ...moved, waits: wait }, sight, { ...moved, waits: wait })).slice(3);
  expect(waits({ for: "operator", until })).toEqual([
    "waits  for an operator until 2026-11-21 14:30 UTC, and stops then",
    "next   npx lambda-release continue dev/shop   moves users",
  ]);
  expect(waits({ for: "termination" })).toEqual([
    "keeps  the tasks of v1",
    "or     npx lambda-release continue dev/shop   ends them",
  ]);
});

test("a version that CodeDeploy does not tell is told as what it is", () => {
  expect(shown(write(80, { ...sight, target: { percent: 10 } })).at(-1)).toBe(
    "the version that it moves to  10 %",
  );
});

test("a pipe has no escapes, and a line for each change alone", () => {
  const written = write(false, sight, share(10), { trouble: "AWS throttles" }, share(10), share(20));
  expect(written.replace(/^\d\d:\d\d:\d\d {2}/gm, "").split("\n")).toEqual([
    "d-1  InProgress",
    "AllowTraffic  InProgress",
    "version 2  10 %",
    "waiting  AWS throttles",
    "version 2  20 %",
    "",
  ]);
});

describe("what the versions do, beside a shift", () => {
  const beside = (rows: number, lines: readonly string[]) => {
    const written: string[] = [];
    const output = { isTTY: true, columns: 40, rows, write: (text: string) => written.push(text) > 0 };
    const view = new RolloutView(output, "dev/shop");
    view.showBeside(() => ["an earlier look"]);
    view.show(sight);
    view.showBeside(() => lines);
    view.show(share(10));
    return shown(written.join(""));
  };

  test("stands below its deployments, as it is now", () => {
    expect(beside(24, ["requests   1  ▁▂█", "alarms     1 ok"])).toEqual([
      "d-1  InProgress",
      "AllowTraffic  InProgress",
      "version 2  10 %",
      "",
      "requests   1  ▁▂█",
      "alarms     1 ok",
    ]);
  });

  test("is left out where the terminal has no room: what leaves it above could not be written anew", () => {
    const lines = ["d-1  InProgress", "AllowTraffic  InProgress", "version 2  10 %"];
    expect(beside(6, ["requests", "5xx", "p95"])).toEqual(lines);
  });
});
