import { type JsonDocument, parseJson } from "../../../src/release/files/json-document";

test("knows where a field stands, and for a missing one what is above it", () => {
  const document = parseJson("a.json", '{\n  "canary": {\n    "percent": 10\n  }\n}') as JsonDocument;
  expect(document.value).toEqual({ canary: { percent: 10 } });
  expect(document.position(["canary", "percent"])).toEqual({ line: 3, column: 16 });
  expect(document.position(["canary", "version"])).toEqual({ line: 2, column: 13 });
});
