import { stringify } from "yaml";
import { fingerprint } from "../../src/release/fingerprint";
import { openApiDocument } from "../../src/release/openapi";
import { readOpenApi } from "../../src/release/openapi-file/openapi-file";
import { formatProblem } from "../../src/release/problem";
import { filesInMemory } from "../support/files-in-memory";
import { problemsOf, shop } from "../support/project";

type Json = Record<string, unknown>;

const path = "lambdas/shop/openapi.yaml";

function read(document: string | object, functions: readonly string[] = ["shop"], file = path) {
  const text = typeof document === "string" ? document : stringify(document);
  return readOpenApi(filesInMemory({ [file]: text }), file, { functions, integrationTimeoutMs: 29_000 });
}

function problemsIn(document: string | object, functions?: readonly string[]): string[] {
  return read(document, functions).problems.map(formatProblem);
}

function definitionIn(document: object, functions?: readonly string[], file?: string) {
  const text = file?.endsWith(".json") ? JSON.stringify(document) : document;
  const { api, problems } = read(text, functions, file);
  expect(problems.map(formatProblem)).toEqual([]);
  return { ...(api as NonNullable<typeof api>), binaryMediaTypes: [] };
}

const get = { responses: { "200": { description: "Fine" } } };
const minimal = { openapi: "3.0.3", info: { title: "Shop", version: "1" }, paths: { "/offers": { get } } };
const withGet = (operation: Json, document: Json = {}) => ({
  ...minimal,
  paths: { "/offers": { get: { ...get, ...operation } } },
  ...document,
});

const model = { type: "object", required: ["item", "count"], properties: { item: { type: "string" } } };
const validated = (schema: object, schemas: Json = {}) => ({
  ...minimal,
  "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
  "x-amazon-apigateway-request-validator": "body",
  paths: {
    "/offers": { post: { requestBody: { content: { "application/json": { schema } } }, responses: {} } },
  },
  components: { schemas },
});

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

const pools = {
  type: "cognito_user_pools",
  providerARNs: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/a"],
};
const schemes = (securitySchemes: Json) => ({ components: { securitySchemes } });
const bearer = { type: "http", scheme: "bearer" };
const cognito = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authorizer": pools,
};
const key = { type: "apiKey", name: "x-api-key", in: "header" };

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

const inGet = "'paths./offers.get";

test.each<[string, string | object, string]>([
  ["no OpenAPI", "[]", `${path}:1:1 must be an OpenAPI document, an object, got "a list"`],
  [
    "no YAML",
    "openapi: [",
    `${path}:1:11 must be YAML: flow sequence in block collection must be sufficiently indented and end with a ]`,
  ],
  ["a key twice", "a: 1\na: 2", `${path}:2:1 must be YAML: map keys must be unique`],
  [
    "another version",
    { ...minimal, openapi: "3.1.0" },
    `${path}:1:1 'openapi' must be 3.0.0 to 3.0.4: API Gateway imports no other OpenAPI 3, got "3.1.0"`,
  ],
  ["no paths", { ...minimal, paths: {} }, "'paths' must have at least one path"],
  [
    "a path without operations",
    { ...minimal, paths: { "/offers": {} } },
    "'paths./offers' must have an operation",
  ],
  [
    "a path of more than one variable's part",
    { ...minimal, paths: { "/offers-{id}": { get } } },
    "must consist of letters, digits and ._-: or of whole variables",
  ],
  [
    "security of the whole",
    { ...minimal, security: [{ users: [] }] },
    `'security' must be given in each operation: API Gateway ignores it here`,
  ],
  [
    "a policy",
    { ...minimal, "x-amazon-apigateway-policy": {} },
    "'x-amazon-apigateway-policy' must not be given",
  ],
  [
    "an extension that is none",
    { ...minimal, "x-amazon-apigateway-cors": {} },
    "API Gateway knows no such extension",
  ],
  [
    "a field that is none",
    { ...minimal, path: {} },
    "'path' must not be given: OpenAPI 3.0 has no such field",
  ],
  [
    "a reference to another file",
    withGet({ parameters: [{ $ref: "common.yaml#/Id" }] }),
    `${inGet}.parameters[0].$ref' must begin with #/`,
  ],
  [
    "a reference to nothing",
    withGet({ parameters: [{ $ref: "#/components/parameters/Id" }] }),
    "must lead to a part of this file",
  ],
  [
    "a cookie",
    withGet({ parameters: [{ name: "id", in: "cookie" }] }),
    `${inGet}.parameters[0].in' must be path, query or header: API Gateway ignores any other, got "cookie"`,
  ],
  ["TRACE", { ...minimal, paths: { "/offers": { get, trace: get } } }, "API Gateway has no method TRACE"],
  [
    "a scheme that API Gateway ignores",
    withGet({ security: [{ users: [] }] }, schemes({ users: bearer })),
    `'components.securitySchemes.users.type' must be apiKey with 'x-amazon-apigateway-authorizer': API Gateway ignores any other, and the operation would be open to everybody, got "http"`,
  ],
  [
    "a key of another name",
    withGet({ security: [{ key: [] }] }, schemes({ key: { ...key, name: "x-key" } })),
    "or be the API key in the header x-api-key",
  ],
  [
    "a scheme that is not there",
    withGet({ security: [{ users: [] }] }),
    "must name schemes of 'components.securitySchemes', got \"users\"",
  ],
  [
    "a way without an authorizer beside one with it",
    withGet({ security: [{ users: [] }, {}] }, schemes({ users: cognito })),
    `${inGet}.security' must not have an empty entry beside others`,
  ],
  [
    "two authorizers",
    withGet({ security: [{ users: [] }, { more: [] }] }, schemes({ users: cognito, more: cognito })),
    "must name one authorizer, and an API key beside it",
  ],
  [
    "a validator that is not there",
    withGet({ "x-amazon-apigateway-request-validator": "all" }),
    "must be one of 'x-amazon-apigateway-request-validators', got \"all\"",
  ],
  [
    "the address of a function",
    withGet({ "x-amazon-apigateway-integration": { type: "aws_proxy", uri: "arn:aws" } }),
    `${inGet}.x-amazon-apigateway-integration.uri' must not be given: the project writes the integration of a function`,
  ],
  [
    "a function in an integration that is not a proxy",
    withGet({
      "x-amazon-apigateway-integration": {
        type: "aws",
        uri: "arn:aws:apigateway:eu-central-1:lambda:path/x",
      },
    }),
    "the project writes the integration of a function",
  ],
  [
    "a kind of integration that is none",
    withGet({ "x-amazon-apigateway-integration": { type: "lambda" } }),
    "must be one of aws_proxy, mock, http, http_proxy, aws",
  ],
  [
    "a time limit",
    withGet({ "x-amazon-apigateway-integration": { timeoutInMillis: 30000 } }),
    "must be a whole number of milliseconds between 50 and 29000, got 30000",
  ],
  [
    "a function that is none",
    withGet({ "x-lambda-release-function": "orders" }),
    `${inGet}.x-lambda-release-function' must be a function of the service (shop), got "orders"`,
  ],
  [
    "a keyword that the validator ignores",
    validated({ type: "array", minItems: 1 }),
    "schema.minItems' must not be given where a request validator checks the body: API Gateway ignores it",
  ],
  [
    "a model's name",
    validated({ $ref: "#/components/schemas/New_Order" }, { New_Order: model }),
    "must have a name of letters and digits",
  ],
  [
    "a scheme by its name alone, which would leave the operation open",
    withGet({ security: ["users"] }, schemes({ users: cognito })),
    `${inGet}.security[0]' must be an object that names schemes, got "users"`,
  ],
  ["no security list", withGet({ security: null }), `${inGet}.security' must be a list, got null`],
  [
    "a scheme that every object of JavaScript has",
    withGet({ security: [{ constructor: [] }] }),
    "must name schemes of 'components.securitySchemes', got \"constructor\"",
  ],
  [
    "AWS_IAM beside an authorizer",
    withGet(
      { security: [{ users: [] }], "x-amazon-apigateway-auth": { type: "AWS_IAM" } },
      schemes({ users: cognito }),
    ),
    `${inGet}.x-amazon-apigateway-auth' must not be AWS_IAM beside the authorizer 'users'`,
  ],
  [
    "a method in capitals",
    { ...minimal, paths: { "/offers": { get, POST: get } } },
    "'paths./offers.POST' must not be given: OpenAPI 3.0 has no such method or field",
  ],
  [
    "a percent sign in a reference",
    withGet({ parameters: [{ $ref: "#/components/%" }] }),
    "must lead to a part of this file, got",
  ],
  [
    "a reference to what every object of JavaScript has",
    withGet({ parameters: [{ $ref: "#/components/constructor" }] }),
    "must lead to a part of this file, got",
  ],
  [
    "a parameter that leads to itself",
    withGet({ parameters: [{ $ref: "#/paths/~1offers/get/parameters/0" }] }),
    `${inGet}.parameters[0].$ref' must lead to a part of this file over at most 10 other references`,
  ],
  [
    "a keyword of a schema",
    validated({ type: "object", required: "item" }),
    'schema.required\' must be a list of names, got "item"',
  ],
  [
    "a source of keys",
    { ...minimal, "x-amazon-apigateway-api-key-source": "QUERY" },
    'must be "HEADER" or "AUTHORIZER", got "QUERY"',
  ],
  [
    "CDKTF's marks",
    { ...minimal, info: { title: "${TfToken[1]}", version: "1" } },
    "which are CDKTF's own marks",
  ],
  [
    "Terraform's escape",
    { ...minimal, info: { title: "$${x}", version: "1" } },
    "must not contain $${ or %%{",
  ],
])("%s is told with its place", (_, document, message) => {
  const problems = problemsIn(document);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^lambdas\/shop\/openapi\.yaml:\d+:\d+ /);
  expect(problems[0]).toContain(message);
});

test("an operation names one of several functions", () => {
  expect(problemsIn(minimal, ["shop", "orders"])).toEqual([
    `${path}:7:5 ${inGet}' must name its function: 'x-lambda-release-function' with one of shop, orders`,
  ]);
});

test("a keyword that the validator ignores may stand where none checks the body", () => {
  const { "x-amazon-apigateway-request-validator": _, ...open } = validated({ type: "array", minItems: 1 });
  expect(problemsIn(open)).toEqual([]);
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

describe("whatever stands in a place of the document", () => {
  const document = {
    ...validated({ $ref: "#/components/schemas/Order" }, { Order: model }),
    "x-amazon-apigateway-gateway-responses": { DEFAULT_4XX: { responseParameters: { a: "'1'" } } },
    components: { schemas: { Order: model }, securitySchemes: { users: cognito, key } },
  };
  const operation = document.paths["/offers"].post as Json;
  operation["security"] = [{ users: [], key: [] }];
  operation["parameters"] = [{ name: "page", in: "query", required: true }];
  operation["x-amazon-apigateway-integration"] = {
    type: "mock",
    responses: { default: { statusCode: "200" } },
  };

  test.each([[null], [[]], [{}], ["toString"], [5], [true], [[null]], [{ $ref: "#/%" }], [{ toString: 5 }]])(
    "%j is read or told",
    (value) => {
      for (const place of placesOf(document)) {
        const changed = structuredClone(document) as Json;
        const above = place.slice(0, -1).reduce((node, name) => node[name] as Json, changed);
        above[place.at(-1) as string] = value;
        const { api, problems } = read(changed);
        expect(problems.map(formatProblem).join()).not.toMatch(/undefined|\[native code\]/);
        expect({ place, read: api !== undefined || problems.length > 0 }).toEqual({ place, read: true });
      }
    },
  );
});

function placesOf(value: unknown, above: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [
    [...above, name],
    ...placesOf(one, [...above, name]),
  ]);
}

test("AWS_IAM beside an API key wants both", () => {
  const signed = { security: [{ key: [] }], "x-amazon-apigateway-auth": { type: "AWS_IAM" } };
  const { routes } = definitionIn(withGet(signed, schemes({ key })));
  expect(routes).toEqual([expect.objectContaining({ authorization: "AWS_IAM", apiKey: true })]);
});
