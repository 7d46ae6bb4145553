import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOnDisk } from "../../src/release/project-files";
import { firstRelease } from "../../src/setup/first-release";
import { projectFolder } from "../support/command";
import { filesInMemory } from "../support/files-in-memory";

const given = {
  environment: "test",
  service: "orders",
  strategy: "canary-stage",
  region: "eu-west-1",
} as const;

function schemas(files: ReadonlyMap<string, string>): [string, string][] {
  return [...files]
    .filter(([path]) => path.endsWith(".json"))
    .map(([path, text]) => [path, JSON.parse(text).$schema]);
}

test("in this repository new files name the schemas that stand here", () => {
  const named = schemas(firstRelease(filesOnDisk(projectFolder), given));
  expect(named).toHaveLength(2);
  for (const [path, schema] of named) {
    expect([schema, existsSync(join(projectFolder, dirname(path), schema))]).toEqual([schema, true]);
  }
});

test("in a user's project new files name the schemas of the installed package", () => {
  const installed = "../../node_modules/lambda-release/schemas";
  expect(schemas(firstRelease(filesInMemory({}), given))).toEqual([
    ["releases/test/environment.json", `${installed}/environment.schema.json`],
    ["releases/test/orders.json", `${installed}/release.schema.json`],
  ]);
});
