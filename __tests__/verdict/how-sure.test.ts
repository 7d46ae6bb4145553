import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultVerdict } from "../../src/release/alarms/verdict";
import { projectFolder } from "../support/command";
import { slowerPercents, slowRates, slowRow, slowTable } from "./how-slow";
import {
  alikes,
  badRow,
  badTable,
  failingPercents,
  goodRow,
  goodTable,
  line,
  rates,
  verdictAlone,
  wrongOf,
} from "./how-sure";

jest.setTimeout(3_600_000);

const page = join(projectFolder, "docs/verdict.md");
const between = (name: string) => new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(?=<!-- end -->)`);

/** Draws all of the tables with `UPDATE_DOCS=1`, and writes them into the page. */
const isWritten = process.env["UPDATE_DOCS"] !== undefined;

(isWritten ? test : test.skip)("the figures of the verdict's page are written", () => {
  const bad = failingPercents.flatMap((percent) => rates.map((rate) => badRow(percent, rate)));
  const good = alikes.map(goodRow);
  const slow = slowerPercents.flatMap((percent) => slowRates.map((rate) => slowRow(percent, rate)));
  const text = readFileSync(page, "utf8")
    .replace(between("how soon"), (_, mark) => mark + badTable(bad))
    .replace(between("how often wrong"), (_, mark) => mark + goodTable(good))
    .replace(between("how slow"), (_, mark) => mark + slowTable(slow));
  writeFileSync(page, text);
});

describe("the figures of the verdict's page", () => {
  const shown = (name: string) => between(name).exec(readFileSync(page, "utf8"))?.[2] ?? "";
  const linesOf = (name: string) => shown(name).trim().split("\n").slice(2);
  const cells = (text: string) => text.split("|").map((cell) => cell.trim());

  test("have a line for each version and traffic", () => {
    const begins = failingPercents.flatMap((percent) => rates.map((rate) => `| ${percent} % | ${rate} |`));
    expect(linesOf("how soon").map((text) => begins.find((one) => text.startsWith(one)))).toEqual(begins);
    expect(linesOf("how often wrong").map((text) => cells(text)[1])).toEqual(alikes.map(({ name }) => name));
    expect(linesOf("how slow")).toHaveLength(slowerPercents.length * slowRates.length);
  });

  test("say that good versions are called worse no more often than is promised", () => {
    const wrong = linesOf("how often wrong").map((text) => Number.parseFloat(cells(text)[4] ?? ""));
    expect(wrong.filter((percent) => !(percent <= defaultVerdict.falseWorsePercent))).toEqual([]);
  });

  // A few lines, which are cheap to draw: each has its own draws.
  test.each([
    [2, 100],
    [5, 10],
    [5, 100],
  ])("are what is drawn of versions that fail by %d percent at %d requests per second", (percent, rate) => {
    expect(linesOf("how soon")).toContain(line(badRow(percent, rate)));
  });

  test("are what is drawn of a canary that is twice as slow", () => {
    expect(linesOf("how slow")).toContain(line(slowRow(100, 4)));
  });
});

test("canaries that are like stable are called worse in no more days than chance allows", () => {
  const dayCount = 10;
  const wrong = alikes.map((alike) => (wrongOf(alike, verdictAlone, dayCount)[0] ?? 1) * dayCount);
  // Of 70 days at 1 percent, more than 3 are wrong with a chance of 0.6 percent.
  expect(wrong).toHaveLength(7);
  expect(Math.round(wrong.reduce((sum, one) => sum + one, 0))).toBeLessThanOrEqual(3);
});
