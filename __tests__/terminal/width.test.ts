import { coloured, hasColour } from "../../src/terminal/colour";
import { wrapped } from "../../src/terminal/width";
import { projectFolder, run } from "../support/command";
import { createProject, shop } from "../support/project";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

const commands = [
  [],
  ["start"],
  ["rollout"],
  ["rehearse"],
  ["traffic"],
  ["codedeploy"],
  ["check-requests"],
  ["workflow"],
  ["workflow", "deploy"],
];

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

test.each(commands.map((verb) => [verb]))("help of %j fits a terminal and breaks no word", async (verb) => {
  const at = async (columns: string) =>
    (await release(projectFolder, [...verb, "--help"], { variables: { COLUMNS: columns } })).stdout;
  const [narrow, usual] = [await at("60"), await at("80")];
  const [wide, unknown] = [await at("1000"), await at("")];
  expect(narrow.split("\n").filter((line) => line.length > 60)).toEqual([]);
  expect(usual.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(usual).toContain(`Usage: lambda-release ${verb.join(" ")}`);
  expect(unknown).toBe(usual);
  for (const one of [narrow, usual]) expect(wordsOf(one)).toEqual(wordsOf(wide));
});

test("the list of commands fits 80 columns", async () => {
  const { stdout } = await run(projectFolder, "./help", [], { COLUMNS: "80" });
  expect(stdout.split("\n").filter((line) => line.trimEnd().length > 80)).toEqual([]);
});

test("hints fit the terminal; a pipe without a width has a hint in each line", async () => {
  const project = createProject(shop({ canary: { version: "v2", percent: 10 } }));
  const at = async (columns: string) =>
    (await release(project, ["status", "dev/shop"], { variables: { COLUMNS: columns } })).stdout;
  for (const columns of ["60", "80"])
    expect((await at(columns)).split("\n").filter((line) => line.length > Number(columns))).toEqual([]);
  expect(await at("60")).toContain(
    "next   npx lambda-release shift dev/shop <percent>\n         gives v2 another share than 10 %\n",
  );
  expect((await at("")).match(/^(next|or {2}) .* {3}\S/gm)).toHaveLength(3);
});

test.each([
  ["a b", 80, "a b"],
  ["  one two three", 10, "  one two\n  three"],
  ["averylongword and more", 5, "averylongword\nand\nmore"],
])("%j at %i columns", (text, width, expected) => expect(wrapped(text, width)).toBe(expected));

describe("each stream has colours of its own", () => {
  const terminal = { isTTY: true } as const;
  const pipe = { isTTY: false } as const;
  test.each<[Pick<NodeJS.WriteStream, "isTTY">, NodeJS.ProcessEnv, boolean]>([
    [terminal, {}, true],
    [pipe, {}, false],
    [terminal, { NO_COLOR: "1" }, false],
    [terminal, { NO_COLOR: "" }, true],
    [terminal, { TERM: "dumb" }, false],
    [pipe, { FORCE_COLOR: "1" }, true],
    [pipe, { FORCE_COLOR: "" }, true],
    [pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    [terminal, { FORCE_COLOR: "0" }, false],
  ])("%j with %j: %s", (output, env, expected) => expect(hasColour(output, env)).toBe(expected));

  test("a text for a pipe is plain though another stream is a terminal", () => {
    expect(coloured("red", "error", pipe as NodeJS.WriteStream)).toBe("error");
  });
});
