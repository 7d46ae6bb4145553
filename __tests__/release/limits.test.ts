import { readService } from "../../src/release/files/file";
import { formatProblem } from "../../src/release/problem";
import { filesInMemory } from "../support/files-in-memory";

const file = "releases/dev/shop.json";
const start = '"strategy": "canary-stage", "versions": ["v1"], "stable": "v1"';

/** The lines that are told of a release file, and how many seconds of CPU that took: other work slows no test down. */
function linesOf(text: string): { lines: readonly string[]; seconds: number } {
  const before = process.cpuUsage();
  const files = filesInMemory({
    "releases/dev/environment.json": '{ "region": "eu-central-1" }',
    "lambdas/shop/v1/shop.ts": "",
    [file]: text,
  });
  const lines = readService(files, "dev", "shop").problems.map(formatProblem);
  return { lines, seconds: process.cpuUsage(before).user / 1_000_000 };
}

const nested = (levels: number, inner: string) => "[".repeat(levels) + inner + "]".repeat(levels);

test("brackets that are nested, with a text in them, are read at once", () => {
  const { lines, seconds } = linesOf(`{ ${start}, "note": ${nested(40, '"x"')} }`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("there is no such field");
  expect(seconds).toBeLessThan(5);
});

test.each([
  ["lists", `{ ${start}, "note": ${"[".repeat(200_000)}`, `{ ${start}, "note": `.length + 64],
  ["objects", '{"a":'.repeat(100_000), 1 + 5 * 64],
])("%s that are nested too deep are one line that names the file", (_what, text, column) => {
  expect(linesOf(text).lines).toEqual([`${file}:1:${column} must be nested at most 64 levels deep`]);
});

test("brackets within texts are no levels", () => {
  const text = `"${"[{".repeat(100)}\\"${"[{".repeat(100)}"`;
  expect(linesOf(`{ ${start}, "note": ${text} }`).lines).toEqual([
    expect.stringContaining("'note' must not be given"),
  ]);
});

test("a file of more than 1 MB is one line that names it", () => {
  expect(linesOf(`{ ${start}${" ".repeat(10_000_000)} }`).lines).toEqual([
    `${file} must have at most 10000000 bytes, got 10000066`,
  ]);
});

const fields = Array.from({ length: 20_000 }, (_, index) => `"x${index}": 1`).join(",\n");
const versions = Array.from({ length: 5_000 }, (_, index) => `"v${index}": { "x": 1 }`).join(",\n");
const twice = Array.from({ length: 20_000 }, () => '"x": 1').join(",\n");

test.each([
  ["unknown fields", `{ ${start},\n${fields} }`, 19_900],
  [
    "unknown fields of versions",
    `{ "strategy": "canary-stage", "stable": "v1", "versions": {\n${versions} } }`,
    4_900,
  ],
  ["fields that are given twice", `{ ${start},\n${twice} }`, 19_899],
])(
  "of many %s the first hundred are shown, and the others counted",
  (_what, text, more) => {
    const { lines, seconds } = linesOf(text);
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe(`${file} has ${more} more problems`);
    expect(seconds).toBeLessThan(30);
  },
  300_000,
);
