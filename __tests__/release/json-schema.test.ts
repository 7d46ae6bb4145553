import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "../../release/json-schema";

const project = join(__dirname, "../..");

test.each([...jsonSchemas()])("%s is what the schema gives: npm run generate writes it", (path, text) => {
  expect(readFileSync(join(project, path), "utf8")).toBe(text);
});

test("the schema for editors describes every field of a release file", () => {
  const schema = JSON.parse(jsonSchemas().get("releases/release.schema.json") ?? "");
  for (const [name, field] of Object.entries<{ description?: string }>(schema.properties)) {
    expect([name, field.description]).toEqual([name, expect.any(String)]);
  }
  expect(schema.additionalProperties).toBe(false);
});
