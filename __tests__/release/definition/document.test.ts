import { stringify } from "yaml";
import { fingerprint } from "../../../src/release/definition/fingerprint";
import { openApiDocument } from "../../../src/release/definition/openapi";
import {
  bearer,
  cognito,
  definitionIn,
  get,
  type Json,
  key,
  minimal,
  model,
  path,
  pools,
  schemes,
  validated,
  withGet,
} from "../../support/openapi";
import { problemsOf, shop } from "../../support/project";

describe("what decides an answer", () => {
  const document = {
    ...validated({ $ref: "#/components/schemas/Order" }, { Order: model, Unused: { type: "string" } }),
    servers: [{ url: "https://shop.example.com" }],
  };

  test("is what API Gateway gets, with the integration of the function", () => {
    const body = openApiDocument(definitionIn(document), "shop-dev", (variable) => `uri of ${variable}`);
    expect(body).toEqual({
      openapi: "3.0.1",
      info: { title: "shop-dev", version: "1" },
      paths: {
        "/offers": {
          post: {
            requestBody: {
              content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
            },
            responses: {},
            "x-amazon-apigateway-auth": { type: "NONE" },
            "x-amazon-apigateway-request-validator": "body",
            "x-amazon-apigateway-integration": {
              type: "aws_proxy",
              httpMethod: "POST",
              uri: "uri of shopFunction",
              passthroughBehavior: "when_no_match",
              timeoutInMillis: 29000,
            },
          },
        },
      },
      components: { schemas: { Order: { ...model, required: ["count", "item"] } } },
      "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
    });
  });

  const same: [string, object][] = [
    ["a description", { ...document, info: { title: "Another", version: "2", description: "Text" } }],
    ["the order of keys", Object.fromEntries(Object.entries(document).reverse())],
    ["where the validator is named", moved(document)],
    ["the order of required fields", withModel({ ...model, required: ["count", "item"] })],
    ["an example", withModel({ ...model, example: { item: "tea" }, description: "An order" })],
    ["a schema that nothing uses", withModel(model, { Other: { type: "number" } })],
  ];
  test.each(same)("is the same whatever %s", (_, other) => {
    expect(fingerprint(definitionIn(other))).toBe(fingerprint(definitionIn(document)));
  });

  test("is the same in JSON and YAML", () => {
    expect(fingerprint(definitionIn(document, ["shop"], "api/shop.json"))).toBe(
      fingerprint(definitionIn(document)),
    );
  });

  const different: [string, object][] = [
    ["a path", { ...document, paths: { ...document.paths, "/more": { get } } }],
    ["a required field", withModel({ ...model, required: ["item"] })],
    ["the validator", { ...document, "x-amazon-apigateway-request-validator": undefined }],
    ["binary types", { ...document, "x-amazon-apigateway-binary-media-types": ["image/png"] }],
  ];
  test.each(different)("is another with another %s", (_, other) => {
    expect(fingerprint(definitionIn(other))).not.toBe(fingerprint(definitionIn(document)));
  });

  function withModel(schema: object, more: Json = {}) {
    return { ...document, components: { schemas: { Order: schema, ...more } } };
  }

  function moved({ "x-amazon-apigateway-request-validator": validator, ...rest }: typeof document) {
    const { post } = rest.paths["/offers"];
    const named = { ...post, "x-amazon-apigateway-request-validator": validator };
    return { ...rest, paths: { "/offers": { post: named } } };
  }
});

test("operations become routes, each with the function that it names", () => {
  const operation = (name: string, more: Json = {}) => ({
    ...get,
    "x-lambda-release-function": name,
    ...more,
  });
  const { routes } = definitionIn(
    {
      ...minimal,
      paths: {
        "/orders/{id}": { get: operation("orders"), "x-amazon-apigateway-any-method": operation("shop") },
        "/signed": { get: operation("shop", { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }) },
        "/slow": {
          get: operation("shop", {
            "x-amazon-apigateway-integration": { type: "aws_proxy", timeoutInMillis: 1500 },
          }),
        },
        "/health": { get: { ...get, "x-amazon-apigateway-integration": { type: "mock" } } },
      },
    },
    ["shop", "orders"],
  );
  expect(
    routes.map(({ method, path, function: name, authorization }) => [method, path, name, authorization]),
  ).toEqual([
    ["GET", "/orders/{id}", "orders", "NONE"],
    ["ANY", "/orders/{id}", "shop", "NONE"],
    ["GET", "/signed", "shop", "AWS_IAM"],
    ["GET", "/slow", "shop", "NONE"],
    ["GET", "/health", undefined, "NONE"],
  ]);
  expect(routes.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([29, 29, 29, 1.5, 29]);
});

test("an authorizer and an API key of one operation are kept, and those that nothing uses are not", () => {
  const document = withGet(
    { security: [{ users: [], key: [] }] },
    schemes({ users: cognito, key, unused: bearer }),
  );
  const { routes, document: kept } = definitionIn(document);
  expect(routes[0]?.authorization).toEqual({ schemes: ["key", "users"] });
  expect(kept).toMatchObject({
    paths: { "/offers": { get: { security: [{ users: [] }, { key: [] }] } } },
    components: {
      securitySchemes: {
        key: { type: "apiKey", name: "x-api-key", in: "header" },
        users: {
          "x-amazon-apigateway-authtype": "cognito_user_pools",
          "x-amazon-apigateway-authorizer": pools,
        },
      },
    },
  });
  expect(Object.keys((kept["components"] as Json)["securitySchemes"] as Json)).toEqual(["key", "users"]);
});

describe("in a release file", () => {
  const files = (api: object, more: Json = {}) =>
    shop({ versions: { v1: {}, v2: {} }, api }, { [path]: stringify(minimal), ...more });

  test("the document is the definition of the version that records its fingerprint", () => {
    const [problem] = problemsOf(files({ openapi: path }));
    expect(problem).toMatch(
      /'api' must be the definition of a version, but no version has fingerprint [0-9a-f]{16}/,
    );
  });

  test.each<[string, object, Json, string]>([
    [
      "routes beside it",
      { openapi: path, routes: [{ path: "/" }] },
      {},
      "'api.routes' must not be given beside 'openapi': the document says it",
    ],
    ["a file that is not there", { openapi: "api.yaml" }, {}, "api.yaml must exist and be readable"],
    [
      "a file outside the project",
      { openapi: "../api.yaml" },
      {},
      "'api.openapi' must be a path in the project",
    ],
    [
      "a problem of the document, and none that follows from it",
      { openapi: path },
      { [path]: "openapi: 3.1.0" },
      `${path}:1:1 'openapi' must be 3.0.0`,
    ],
  ])("%s", (_, api, more, message) => {
    expect(problemsOf(files(api, more)).join("\n")).toContain(message);
    expect(problemsOf(files(api, more)).join("\n")).not.toContain("fingerprint e23a");
  });
});

describe("a document is checked as routes are", () => {
  const linesOf = (document: object, environment: Json = {}) =>
    problemsOf(
      shop(
        { versions: { v1: {}, v2: {} }, api: { openapi: path } },
        {
          [path]: stringify(document),
          "releases/dev/environment.json": JSON.stringify({ region: "eu-central-1", ...environment }),
        },
      ),
    ).join("\n");

  test("an operation that wants a key has a plan", () => {
    expect(linesOf(withGet({ security: [{ key: [] }] }, schemes({ key })))).toContain(
      "'api.openapi' must have a plan under 'stage.usagePlans', without which API Gateway answers 403 to everybody; {} if plans are made elsewhere, got \"GET /offers\"",
    );
  });

  test("its authorizers count", () => {
    const names = Array.from({ length: 11 }, (_, index) => `users${index}`);
    const paths = names.map((name) => [`/${name}`, { get: { ...get, security: [{ [name]: [] }] } }]);
    const known = Object.fromEntries(names.map((name) => [name, cognito]));
    const document = { ...minimal, paths: Object.fromEntries(paths), ...schemes(known) };
    expect(linesOf(document)).toContain(
      "'api.openapi' must use at most 10 security schemes that are authorizers",
    );
  });

  test("an operation may wait as long as the environment's quota says", () => {
    const slow = withGet({ "x-amazon-apigateway-integration": { timeoutInMillis: 60_000 } });
    expect(linesOf(slow)).toContain("between 50 and 29000, got 60000");
    expect(linesOf(slow, { quotas: { integrationTimeoutMs: 60_000 } })).not.toContain("milliseconds");
  });
});
