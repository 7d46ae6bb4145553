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
