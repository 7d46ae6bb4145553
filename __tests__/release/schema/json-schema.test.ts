import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "../../../src/release/schema/json-schema";
import { referencePage } from "../../../src/release/schema/reference";

const project = join(__dirname, "../../..");

test.each([...jsonSchemas()])("%s is what the schema gives: npm run generate writes it", (path, text) => {
  expect(readFileSync(join(project, path), "utf8")).toBe(text);
});

test("the page of all fields is current, and every field has a meaning", () => {
  const page = readFileSync(join(project, "docs/release-file.md"), "utf8");
  expect(page).toBe(referencePage());
  expect(page).not.toMatch(/\| +\|$/m);
});

test("a schema for editors refuses what it does not know", () => {
  for (const text of jsonSchemas().values()) expect(JSON.parse(text).additionalProperties).toBe(false);
});
