import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { projectFolder } from "./support/command";

/** The rooms from the lowest to the highest: each imports what stands before its own line, and itself. */
const order = [
  ["terminal"],
  ["release", "hooks"],
  ["synth", "traffic", "verdict"],
  ["live", "review", "setup"],
  ["guard", "history", "watch"],
  ["constructs"],
  ["stacks", "rehearsal", "workflows"],
  ["dashboard"],
  ["cli", "testing", "main"],
];

function roomOf(path: string): string {
  const [top = "", below = ""] = path.split("/");
  return (top === "src" ? below : top).replace(/\.ts$/, "");
}

function sources(): string[] {
  const below = ["src", "constructs", "stacks"].flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  return [...below, "main.ts"];
}

/** What a file imports from other files of the project, also as a type and at its use. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(projectFolder, file), "utf8");
  const found = text.matchAll(/(?:from|import\()\s*"(\.{1,2}\/[^"]+)"/g);
  return [...found].map(([, path = ""]) => normalize(join(file, "..", path)));
}

/** What a file imports from packages. */
function packagesOf(file: string): string[] {
  const found = readFileSync(join(projectFolder, file), "utf8").matchAll(
    /(?:from|import\()\s*"([^."][^"]*)"/g,
  );
  return [...found].map(([, name = ""]) => name);
}

/** What knows files that are checked no further than field by field, and what is made of such files. */
const halfResolved = ["release-context", "defaults", "service-functions"].map(
  (name) => `src/release/${name}`,
);

test("whatever is not of the release model is given releases, and no file", () => {
  const given = sources()
    .filter((file) => roomOf(file) !== "release")
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));
  expect(given.filter(({ imported }) => halfResolved.includes(imported))).toEqual([]);
});

test("imports run one way, from the command down to the release", () => {
  const level = (room: string) => order.findIndex((rooms) => rooms.includes(room));
  const files = sources();
  expect(files.map(roomOf).filter((room) => level(room) < 0)).toEqual([]);
  const up = files.flatMap((file) => {
    const room = roomOf(file);
    return importsOf(file)
      .filter((imported) => roomOf(imported) !== room && level(roomOf(imported)) >= level(room))
      .map((imported) => `${file} imports ${imported}`);
  });
  expect(up).toEqual([]);
});

test("a verdict is made of counts: the guard's function may hold it, without what checks files", () => {
  const verdict = sources().filter((file) => roomOf(file) === "verdict");
  const imported = verdict.flatMap(importsOf).filter((path) => roomOf(path) !== "verdict");
  const outside = [...new Set(imported)].sort();
  expect(outside).toEqual(["src/release/alarms/verdict", "src/release/counted"]);
  const ofVerdict = [...verdict, ...outside.map((path) => `${path}.ts`)].flatMap((file) => packagesOf(file));
  expect(ofVerdict).toEqual([]);
});

test("the guard's function holds what AWS is at this moment, the verdict and the release model, and nothing else", () => {
  const guard = sources().filter((file) => roomOf(file) === "guard");
  expect([...new Set(guard.flatMap(importsOf).map(roomOf))].sort()).toEqual([
    "guard",
    "live",
    "release",
    "verdict",
  ]);
});
