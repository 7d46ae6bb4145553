import { definitionOf } from "../../../src/release/definition/definition";
import { fingerprint } from "../../../src/release/definition/fingerprint";
import { openApiDocument } from "../../../src/release/definition/openapi";
import { api as apiSchema } from "../../../src/release/schema/api";
import { problemsOf, shop } from "../../support/project";
import { fingerprintOf, plainFingerprint, wider } from "../../support/shop";

const document = (api: Parameters<typeof definitionOf>[0]) =>
  openApiDocument(definitionOf(api, "shop"), "shop-dev", (variable) => `uri of ${variable}`);

test("without 'api' the definition is GET / without authorisation", () => {
  expect(document(undefined)).toEqual({
    openapi: "3.0.1",
    info: { title: "shop-dev", version: "1" },
    paths: {
      "/": {
        get: {
          responses: {},
          "x-amazon-apigateway-auth": { type: "NONE" },
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
  });
});

const everything = {
  routes: [
    { method: "GET", path: "/", function: "shop", authorization: "NONE", timeoutSeconds: 29 },
    {
      method: "ANY",
      path: "/files/{proxy+}",
      function: "say-hello",
      authorization: "AWS_IAM",
      timeoutSeconds: 0.5,
    },
    {
      method: "POST",
      path: "/users/{id}",
      function: "shop",
      authorization: {
        cognitoUserPoolArns: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1"],
        scopes: ["shop/write"],
      },
      timeoutSeconds: 29,
    },
  ],
  cors: { allowOrigin: "https://example.com", allowHeaders: ["Content-Type"], maxAgeSeconds: 60 },
  binaryMediaTypes: ["image/*"],
} satisfies Parameters<typeof definitionOf>[0];

/** A change of this document changes every fingerprint: published versions would have to be published anew. */
test("routes, authorisation, CORS and binary types are one OpenAPI document", () => {
  expect(document(everything)).toMatchSnapshot();
});

const guardedBy = (authorizer: object) => ({
  routes: [{ path: "/", authorization: { authorizer: "callers" } }],
  authorizers: { callers: authorizer },
});

test("an API key is asked for beside an authorizer", () => {
  const routes = [
    { path: "/", apiKey: true },
    { path: "/a", apiKey: true, authorization: { authorizer: "callers" } },
  ];
  const { components, paths } = document(
    apiSchema.parse({ routes, authorizers: { callers: { type: "TOKEN" } } }),
  );
  expect(paths).toMatchObject({
    "/": { get: { security: [{ api_key: [] }], "x-amazon-apigateway-auth": { type: "NONE" } } },
    "/a": { get: { security: [{ callers: [] }, { api_key: [] }] } },
  });
  expect(components).toMatchObject({
    securitySchemes: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } },
  });
});

describe("an authorizer is a security scheme whose function a stage variable names", () => {
  const { parse } = apiSchema;
  const schemeOf = (authorizer: object) => {
    const { components, paths } = document(parse(guardedBy(authorizer))) as Record<string, object>;
    expect(paths).toMatchObject({ "/": { get: { security: [{ callers: [] }] } } });
    return (components as { securitySchemes: object }).securitySchemes;
  };
  const scheme = (name: string, place: string, authorizer: object) => ({
    callers: {
      type: "apiKey",
      name,
      in: place,
      "x-amazon-apigateway-authtype": "custom",
      "x-amazon-apigateway-authorizer": authorizer,
    },
  });

  test("TOKEN", () => {
    expect(
      schemeOf({
        type: "TOKEN",
        function: "say-hello",
        identitySources: ["method.request.header.X-Token"],
        identityValidation: "^Bearer .+$",
      }),
    ).toEqual(
      scheme("X-Token", "header", {
        type: "token",
        authorizerUri: "uri of sayHelloFunction",
        authorizerResultTtlInSeconds: 300,
        identityValidationExpression: "^Bearer .+$",
      }),
    );
  });

  test.each([
    [["method.request.header.X-Token"], "X-Token", "header"],
    [["method.request.querystring.token"], "token", "query"],
    [["context.identity.sourceIp"], "Unused", "header"],
    [["method.request.header.A", "stageVariables.tenant"], "Unused", "header"],
  ])("REQUEST with %j", (identitySources, name, place) => {
    expect(schemeOf({ type: "REQUEST", identitySources, cacheSeconds: 60 })).toEqual(
      scheme(name, place, {
        type: "request",
        authorizerUri: "uri of shopFunction",
        authorizerResultTtlInSeconds: 60,
        identitySource: identitySources.join(", "),
      }),
    );
  });

  test("REQUEST without identity sources is not cached", () => {
    expect(schemeOf({ type: "REQUEST", identitySources: [], cacheSeconds: 0 })).toEqual(
      scheme("Unused", "header", {
        type: "request",
        authorizerUri: "uri of shopFunction",
        authorizerResultTtlInSeconds: 0,
      }),
    );
  });
});

describe("a fingerprint", () => {
  test("is the same in every environment and whatever the order of keys", () => {
    const [plain] = everything.routes;
    const { timeoutSeconds, ...rest } = plain as (typeof everything.routes)[0];
    const reordered = definitionOf({ binaryMediaTypes: [], routes: [{ timeoutSeconds, ...rest }] }, "shop");
    expect(fingerprint(reordered)).toBe(plainFingerprint);
    expect(plainFingerprint).toBe("e23a28b687c759bb");
  });

  const anyWith = (cors: object) => ({
    routes: [{ path: "/", method: "ANY" }],
    cors: { allowOrigin: "*", ...cors },
  });

  test.each<[string, object]>([
    ["a route", wider],
    ["a method", { routes: [{ path: "/", method: "POST" }] }],
    ["an authorisation", { routes: [{ path: "/", authorization: "AWS_IAM" }] }],
    ["an authorizer", guardedBy({ type: "TOKEN" })],
    ["an API key", { routes: [{ path: "/", apiKey: true }] }],
    ["a timeout", { routes: [{ path: "/", timeoutSeconds: 5 }] }],
    ["CORS", { cors: { allowOrigin: "*" } }],
    ["CORS of several origins", { cors: { allowOrigin: ["https://a.example"] } }],
    ["binary types", { binaryMediaTypes: ["image/png"] }],
  ])("changes with %s", (_, api) => {
    expect(fingerprintOf(api)).not.toBe(plainFingerprint);
  });

  test("of a file with CORS and an ANY route stays as it was, unless preflightOfAny is true", () => {
    expect(fingerprintOf(anyWith({ preflightOfAny: true }))).not.toBe(fingerprintOf(anyWith({})));
    expect(fingerprintOf(anyWith({}))).toBe("2baddffae89d4823");
    expect(fingerprintOf(anyWith({ preflightOfAny: false }))).toBe("2baddffae89d4823");
  });
});

describe("the definition of a file", () => {
  const problems = (release: object) => problemsOf(shop(release)).map((line) => line.replace(/^\S+ /, ""));

  test("that belongs to no version is refused, with the two ways out and the value to write", () => {
    const current = fingerprintOf(wider);
    expect(problems({ api: wider })).toEqual([
      `'api' must be the definition of a version, but no version has fingerprint ${current} ` +
        `(v1 ${plainFingerprint}, v2 ${plainFingerprint}); record it in the version that is published with it, ` +
        `"versions": { "<version>": { "fingerprint": "${current}" } }, or undo the change`,
    ]);
  });

  const v1 = { fingerprint: plainFingerprint };
  const v2 = { fingerprint: fingerprintOf(wider) };

  test("that is recorded with a version is accepted", () => {
    expect(problems({ api: wider, versions: { v1, v2 } })).toEqual([]);
  });

  test("may be an older version's, as after a rollback with the definition taken back", () => {
    expect(problems({ versions: { v1, v2 } })).toEqual([]);
  });

  test("is recorded by every version as soon as there is more than the default one", () => {
    expect(problems({ api: wider, versions: { v1: v2, v2: {} } })).toEqual([
      `'versions.v2' must record its fingerprint, because not all versions have the default definition: "${plainFingerprint}" ` +
        `if it was published with GET / alone, "${v2.fingerprint}" if it is published with this definition, got "v2"`,
    ]);
  });

  test("needs every function of its routes in the version that it belongs to", () => {
    const api = {
      routes: [
        { path: "/", function: "shop" },
        { path: "/cart", function: "cart" },
      ],
    };
    const release = {
      api,
      functions: ["shop", "cart"],
      versions: { v1: { fingerprint: "0123456789abcdef" }, v2: { fingerprint: fingerprintOf(api) } },
    };
    const withoutCart = problemsOf(shop(release, { "lambdas/shop/v1/cart.ts": "" }));
    expect(withoutCart.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      `'api.routes[1]' must be answered by a function of version v2, but lambdas/shop/v2/ has no cart.ts, cart.js or cart.py, got "cart"`,
    ]);
    expect(problemsOf(shop(release, { "lambdas/shop/v2/cart.ts": "" }))).toEqual([]);
  });
});
