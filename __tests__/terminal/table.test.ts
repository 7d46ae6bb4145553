import { table } from "../../src/terminal/table";

test("columns line up where a cell is coloured", () => {
  const red = "\u001b[31mred\u001b[39m";
  const rows = [
    ["errors", red, "since noon"],
    ["latency", "no data", "-"],
  ];
  expect(table(["alarm", "state", "since"], rows).replace(red, "red").split("\n")).toEqual([
    "alarm     state     since",
    "errors    red       since noon",
    "latency   no data   -",
  ]);
});

test.each(["4051967", "405196f"])("the commit %s is no number", (commit) => {
  const rows = [
    ["10:00", "-", "40"],
    ["11:00", commit, "1,000"],
  ];
  expect(table(["when", "commit", "failed"], rows).split("\n")).toEqual([
    "when    commit    failed",
    "10:00   -             40",
    `11:00   ${commit}    1,000`,
  ]);
});
