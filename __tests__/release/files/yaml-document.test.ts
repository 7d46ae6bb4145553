import { parseYaml } from "../../../src/release/files/yaml-document";
import { formatProblem } from "../../../src/release/problem";

function parsed(text: string): unknown {
  const document = parseYaml("a.yaml", text);
  return Array.isArray(document) ? document.map(formatProblem) : document.value;
}

test("aliases and merges are written out, and a key of the map itself wins", () => {
  expect(parsed("a: &a {x: 1, y: 1}\nb:\n  y: 2\n  <<: [*a, {z: 3}]\nc: *a")).toEqual({
    a: { x: 1, y: 1 },
    b: { x: 1, y: 2, z: 3 },
    c: { x: 1, y: 1 },
  });
});

test("an anchor may serve any number of paths", () => {
  const names = Array.from({ length: 500 }, (_, index) => `k${index}`);
  const value = parsed(`a: &a {x: 1}\n${names.map((name) => `${name}: *a`).join("\n")}`);
  expect(Object.keys(value as object)).toEqual(["a", ...names]);
});

test("a field within an alias or a merge is where it was written", () => {
  const document = parseYaml("a.yaml", "a: &a\n  x: 1\nb: *a\nc:\n  <<: *a");
  if (Array.isArray(document)) throw new Error("not read");
  for (const field of [
    ["b", "x"],
    ["c", "x"],
  ])
    expect(document.position(field)).toEqual({ line: 2, column: 3 });
});

test("a word is text whatever YAML it says to be", () => {
  expect(parsed("%YAML 1.1\n---\na: 2001-01-01\nb: no")).toEqual({ a: "2001-01-01", b: "no" });
});

const laughs = Array.from(
  { length: 9 },
  (_, level) => `k${level + 1}: &k${level + 1} [${Array(9).fill(`*k${level}`).join(",")}]`,
).join("\n");

test.each([
  ["two documents", "a: 1\n---\nb: 2", "2:1 must have one document"],
  ["a tab", "a:\n\tb: 1", "2:1 must be YAML: tabs are not allowed as indentation"],
  ["an alias without its anchor", "a: *a", "1:4 must be YAML: no anchor '&a' stands before this alias"],
  ["an anchor within itself", "a: &a\n  b: *a", "2:6 must not have the alias '*a' within what it stands for"],
  ["a number and a text as one key", '200: a\n"200": b', "2:1 must be YAML: map keys must be unique"],
  ["a list as a key", "? [a]\n: b", "1:3 must have text as its keys"],
  [
    "a key that JavaScript reserves",
    "a:\n  __proto__: {}",
    "2:3 '__proto__' must not be given: JavaScript reserves this name",
  ],
  ["a merge of no map", "a:\n  <<: 5", "2:3 must be YAML: merge sources must be maps or map aliases"],
  [
    "what is no number of JSON",
    "a: .inf",
    "1:4 must be text, a number, true, false or null, as JSON has them",
  ],
  ["bytes", "a: !!binary aGk=", "1:13 must be text, a number, true, false or null, as JSON has them"],
  [
    "aliases of aliases",
    `k0: &k0 x\n${laughs}`,
    "must have at most 1000000 values, those of aliases among them",
  ],
  ["brackets without end", "[".repeat(100_000), "1:65 must be nested at most 64 levels deep"],
  ["lists within lists", "- ".repeat(5_000), "must be nested at most 64 levels deep"],
])("%s is one problem with its place", (_, text, told) => {
  expect(parsed(text)).toEqual([expect.stringContaining(told)]);
});
