import { formatProblem } from "../../../src/release/problem";
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
  problemsIn,
  read,
  schemes,
  validated,
  withGet,
} from "../../support/openapi";

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
    { ...minimal, "x-amazon-apigateway-policy": [] },
    `'x-amazon-apigateway-policy' must be a policy, an object, got "a list"`,
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
])("%s is refused with line and column", (_, document, message) => {
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

describe("whatever stands in a place of the document", () => {
  const document = {
    ...validated({ $ref: "#/components/schemas/Order" }, { Order: model }),
    "x-amazon-apigateway-gateway-responses": {
      DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.a": "'1'" } },
    },
    components: { schemas: { Order: model }, securitySchemes: { users: cognito, key } },
  };
  const operation = document.paths["/offers"].post as Json;
  operation["responses"] = get.responses;
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
