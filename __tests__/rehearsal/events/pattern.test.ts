import { checkPattern, matchesPattern, type Pattern, sampleOf } from "../../../src/rehearsal/events/pattern";

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
test.each<[Pattern, unknown, boolean]>([
  [{ source: ["shop", "web"] }, { source: "web" }, true],
  [{ source: ["shop"] }, { source: "web" }, false],
  [{ source: ["shop"] }, {}, false],
  [{ source: ["shop"], detail: { state: ["new"] } }, { source: "shop", detail: { state: "new" } }, true],
  [{ source: ["shop"], detail: { state: ["new"] } }, { source: "shop", detail: { state: "old" } }, false],
  [{ count: [3] }, { count: 3 }, true],
  [{ count: [3] }, { count: "3" }, false],
  [{ gone: [null] }, { gone: null }, true],
  [{ gone: [null] }, {}, false],
  [{ tags: ["a"] }, { tags: ["b", "a"] }, true],
  [
    { items: { id: [2], kind: ["x"] } },
    {
      items: [
        { id: 1, kind: "x" },
        { id: 2, kind: "x" },
      ],
    },
    true,
  ],
  [
    { items: { id: [2], kind: ["x"] } },
    {
      items: [
        { id: 1, kind: "x" },
        { id: 2, kind: "y" },
      ],
    },
    false,
  ],
  [{ key: [{ prefix: "in/" }] }, { key: "in/a.csv" }, true],
  [{ key: [{ prefix: "in/" }] }, { key: "out/a.csv" }, false],
  [{ key: [{ suffix: ".csv" }] }, { key: "in/a.csv" }, true],
  [{ key: [{ wildcard: "in/*.csv" }] }, { key: "in/b/a.csv" }, true],
  [{ key: [{ wildcard: "in/?.csv" }] }, { key: "in/a.csv" }, false],
  [{ name: [{ "equals-ignore-case": "ANN" }] }, { name: "Ann" }, true],
  [{ state: [{ "anything-but": "done" }] }, { state: "new" }, true],
  [{ state: [{ "anything-but": ["done", "new"] }] }, { state: "new" }, false],
  [{ state: [{ "anything-but": { prefix: "do" } }] }, { state: "done" }, false],
  [{ state: [{ "anything-but": "done" }] }, {}, false],
  [{ state: [{ exists: true }] }, { state: 0 }, true],
  [{ state: [{ exists: false }] }, {}, true],
  [{ detail: { state: [{ exists: false }] } }, {}, true],
  [{ price: [{ numeric: [">", 10, "<=", 20] }] }, { price: 20 }, true],
  [{ price: [{ numeric: [">", 10, "<=", 20] }] }, { price: 10 }, false],
  [{ price: [{ numeric: ["=", 1] }] }, { price: "1" }, false],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { a: 2, b: 1 }, false],
])("%j of %j is %s", (pattern, value, expected) => {
  checkPattern("it", pattern);
  expect(matchesPattern(pattern, value)).toBe(expected);
});

test.each([
  { a: [{ cidr: "10.0.0.0/8" }] },
  { a: [{ prefix: "x", suffix: "y" }] },
  { a: [{ prefix: { "equals-ignore-case": "x" } }] },
  { a: [{ numeric: ["~", 1] }] },
  { $or: [{ a: [{ cidr: "10.0.0.0/8" }] }] },
])("%j is refused, not guessed", (pattern) => {
  expect(() => checkPattern("trigger orders", pattern)).toThrow(
    "trigger orders: the rehearsal does not know the filter rule ",
  );
});

test.each<Pattern>([
  { source: ["shop"], detail: { total: [{ numeric: [">", 10, "<=", 11] }] } },
  { total: [{ numeric: [">", 10] }] },
  { total: [{ numeric: ["<", 10] }], state: [{ exists: false }] },
  { key: [{ prefix: "in/" }], name: [{ wildcard: "*.csv" }] },
  { $or: [{ a: ["x"] }, { b: ["y"] }], c: [{ "anything-but": "d" }] },
])("a sample matches %j", (pattern) => {
  expect(matchesPattern(pattern, sampleOf(pattern))).toBe(true);
});

test("a sample that the first rules do not give is none", () => {
  expect(sampleOf({ state: [{ "anything-but": "sample" }] })).toBeUndefined();
});
