import { type Edit, edited } from "../../../src/release/files/edit";

const file = `{
  "$schema": "../release.schema.json",
  "versions": ["v1", "v2"],
  "stable": "v1",
  "canary": { "version": "v2", "percent": 10 },
  "settings": {
    "memoryMb": 256
  }
}
`;

/** The lines that an edit takes away, and those that it brings. */
function diff(text: string, edits: Edit[]): string[] {
  const [before, after] = [text.split("\n"), edited(text, edits).split("\n")];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

describe("changes the lines that it must, and no other", () => {
  test.each<[string, Edit[], string[]]>([
    [
      "a value",
      [{ field: ["canary", "percent"], value: 25 }],
      ['- "canary": { "version": "v2", "percent": 10 },', '+ "canary": { "version": "v2", "percent": 25 },'],
    ],
    [
      "a new field in an object of one line",
      [{ field: ["canary", "since"], value: "now" }],
      [
        '- "canary": { "version": "v2", "percent": 10 },',
        '+ "canary": { "version": "v2", "percent": 10, "since": "now" },',
      ],
    ],
    [
      "a new field in an object of several lines",
      [{ field: ["settings", "tracing"], value: true }],
      ['- "memoryMb": 256', '+ "memoryMb": 256,', '+ "tracing": true'],
    ],
    [
      "a new field after another",
      [{ field: ["former"], value: "v0", after: "stable" }],
      ['+ "former": "v0",'],
    ],
    ["a field that goes", [{ field: ["canary"] }], ['- "canary": { "version": "v2", "percent": 10 },']],
    ["a field that is not there", [{ field: ["former"] }, { field: ["adopt", "functions", "v1"] }], []],
    [
      "an item more",
      [{ field: ["versions", 2], value: "v3" }],
      ['- "versions": ["v1", "v2"],', '+ "versions": ["v1", "v2", "v3"],'],
    ],
    [
      "an item that goes",
      [{ field: ["versions", 0] }],
      ['- "versions": ["v1", "v2"],', '+ "versions": ["v2"],'],
    ],
    [
      "a value that is too long for a line",
      [{ field: ["versions"], value: { v1: { fingerprint: "x".repeat(60) }, v2: { fingerprint: "y" } } }],
      [
        '- "versions": ["v1", "v2"],',
        '+ "versions": {',
        `+ "v1": { "fingerprint": "${"x".repeat(60)}" },`,
        '+ "v2": { "fingerprint": "y" }',
        "+ },",
      ],
    ],
  ])("%s", (_, edits, expected) => expect(diff(file, edits)).toEqual(expected));
});

test("keeps tabs and the line ends of Windows", () => {
  const text = '{\r\n\t"versions": {\r\n\t\t"v1": {}\r\n\t},\r\n\t"stable": "v1"\r\n}\r\n';
  const edits = [
    { field: ["versions", "v2"], value: {} },
    { field: ["canary"], value: { version: "v2" }, after: "stable" },
  ];
  expect(edited(text, edits)).toBe(
    '{\r\n\t"versions": {\r\n\t\t"v1": {},\r\n\t\t"v2": {}\r\n\t},\r\n\t"stable": "v1",\r\n\t"canary": { "version": "v2" }\r\n}\r\n',
  );
});

test("fills what was empty", () => {
  expect(edited('{ "versions": {}, "list": [] }', [{ field: ["versions", "v1"], value: {} }])).toBe(
    '{ "versions": { "v1": {} }, "list": [] }',
  );
  expect(edited('{ "list": [] }', [{ field: ["list", 0], value: 1 }])).toBe('{ "list": [1] }');
});
