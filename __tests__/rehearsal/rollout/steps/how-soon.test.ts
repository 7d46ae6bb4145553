import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../../support/command";
import { badRow, badTable, failingPercents, goodRow, goodTable, line, rates, sources } from "./how-soon";

// Drawing all of it takes a quarter of an hour of a quiet core.
jest.setTimeout(5_400_000);

const page = join(projectFolder, "docs/guard.md");
const between = (name: string) => new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(?=<!-- end -->)`);

/** Draws all of both tables with `UPDATE_DOCS=1`, and writes them into the page. */
const isWritten = process.env["UPDATE_DOCS"] !== undefined;

(isWritten ? test : test.skip)("the figures of the guard's page are written", async () => {
  const of = await sources();
  const bad: string[][] = [];
  for (const failingPercent of failingPercents)
    for (const rate of rates) bad.push(await badRow(of, failingPercent, rate));
  const good: string[][] = [];
  for (const rate of rates) good.push(await goodRow(of, rate));
  const text = readFileSync(page, "utf8")
    .replace(between("how soon"), (_, mark) => mark + badTable(bad))
    .replace(between("how often"), (_, mark) => mark + goodTable(good));
  writeFileSync(page, text);
});

describe("the figures of the guard's page", () => {
  const shown = (name: string) => between(name).exec(readFileSync(page, "utf8"))?.[2] ?? "";

  test("have a line for each version and traffic, below their heads", () => {
    expect(shown("how soon")).toMatch(new RegExp(`^${literal(badTable([]))}`));
    expect(shown("how often")).toMatch(new RegExp(`^${literal(goodTable([]))}`));
    const begins = failingPercents.flatMap((percent) => rates.map((rate) => `| ${percent} % | ${rate} |`));
    expect(linesOf(shown("how soon")).map((text) => begins.find((one) => text.startsWith(one)))).toEqual(
      begins,
    );
    expect(linesOf(shown("how often"))).toHaveLength(rates.length);
  });

  // A few lines, which are cheap to draw: each has its own draws.
  test("are what is drawn", async () => {
    const of = await sources();
    for (const [failingPercent, rate] of [
      [1, 1],
      [50, 100],
    ] as const) {
      expect(linesOf(shown("how soon"))).toContain(line(await badRow(of, failingPercent, rate)));
    }
  });
});

function linesOf(text: string): string[] {
  return text.trim().split("\n").slice(2);
}

function literal(text: string): string {
  return text.replace(/[|()]/g, "\\$&");
}
