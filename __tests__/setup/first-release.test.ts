import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readService } from "../../src/release/files/file";
import { filesOnDisk, withFiles } from "../../src/release/files/project-files";
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

describe("a service without an API", () => {
  const own = { ...given, strategy: "weighted-alias", api: false } as const;

  test.each(["typescript", "python"] as const)("has a handler of events in %s", (language) => {
    const added = firstRelease(filesInMemory({}), { ...own, language });
    expect(JSON.parse(added.get("releases/test/orders.json") ?? "")).toMatchObject({ api: false });
    const [handler = ""] = [...added].flatMap(([path, text]) => (path.startsWith("lambdas/") ? text : []));
    expect(handler).toContain("Records");
    expect(handler).not.toContain("statusCode");
  });

  test("has neither routes nor another strategy", () => {
    const write = (more: object) => () => firstRelease(filesInMemory({}), { ...own, ...more });
    expect(write({ routes: ["GET /"] })).toThrow(
      "'--no-api' must not be given beside '--route' and '--openapi'",
    );
    expect(write({ strategy: "canary-stage" })).toThrow("'api' must not be false with canary-stage");
  });
});

describe("a service with an OpenAPI document", () => {
  const path = "lambdas/orders/openapi.json";
  const operation = { responses: { "200": { description: "Fine" } } };
  const document = { openapi: "3.0.3", info: {}, paths: { "/orders": { get: operation } } };
  const files = filesInMemory({ [path]: document });

  test("has its fingerprint written", () => {
    const added = firstRelease(files, { ...given, openapi: path });
    const release = JSON.parse(added.get("releases/test/orders.json") ?? "");
    expect(release).toMatchObject({ api: { openapi: path }, stable: "v1" });
    const { problems } = readService(withFiles(files, added), "test", "orders");
    expect(problems).toEqual([]);
    expect(release.versions.v1.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test("has a usage plan with a key where the document wants keys", () => {
    const key = { type: "apiKey", name: "x-api-key", in: "header" };
    const paths = { "/orders": { get: { ...operation, security: [{ key: [] }] } } };
    const keyed = { ...document, paths, components: { securitySchemes: { key } } };
    const added = firstRelease(filesInMemory({ [path]: keyed }), { ...given, openapi: path });
    expect(JSON.parse(added.get("releases/test/orders.json") ?? "")).toMatchObject({
      stage: { usagePlans: { callers: { keys: ["first"] } } },
    });
  });

  test("has its handler written beside the document", () => {
    const own = { ...given, strategy: "weighted-alias", openapi: path } as const;
    expect([...firstRelease(files, own).keys()]).toContain("lambdas/orders/orders.ts");
  });

  test("has no routes beside it", () => {
    expect(() => firstRelease(files, { ...given, openapi: path, routes: ["GET /"] })).toThrow(
      "'--route' must not be given beside '--openapi': the document has the paths",
    );
  });

  test("is not written where the document is not there", () => {
    expect(() => firstRelease(filesInMemory({}), { ...given, openapi: path })).toThrow(
      `${path} must exist and be readable`,
    );
  });
});
