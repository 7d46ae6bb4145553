import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { givenFingerprint } from "../../src/release/verbs/given-fingerprint";
import { path } from "../support/openapi";
import { fingerprintIn, shopOfDocument } from "../support/openapi-shop";
import { createProject, shop, synthesizeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";

const responses = { "200": { description: "Fine" } };
const order = {
  type: "object",
  required: ["item"],
  properties: { item: { $ref: "#/components/schemas/Item" }, count: { type: "integer", minimum: 1 } },
  additionalProperties: false,
};

const document = {
  openapi: "3.0.3",
  info: { title: "Shop", version: "1" },
  "x-amazon-apigateway-request-validators": {
    all: { validateRequestBody: true, validateRequestParameters: true },
  },
  paths: {
    "/": { get: { responses } },
    "/orders": {
      post: {
        "x-amazon-apigateway-request-validator": "all",
        parameters: [
          { name: "shop", in: "query", required: true, schema: { type: "string" } },
          { name: "X-Customer", in: "header", required: true, schema: { type: "string" } },
        ],
        requestBody: { content: { "application/json": { schema: order } } },
        responses,
      },
    },
    "/health": {
      get: {
        responses,
        "x-amazon-apigateway-integration": {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          responses: {
            default: { statusCode: "200", responseTemplates: { "application/json": '{"state": "fine"}' } },
          },
        },
      },
    },
    "/weather": {
      get: {
        responses,
        "x-amazon-apigateway-integration": {
          type: "http",
          httpMethod: "GET",
          uri: "https://weather.example.com/${stageVariables.city}",
        },
      },
    },
  },
  components: { schemas: { Item: { type: "string", enum: ["tea", "coffee"] } } },
};

test("requests are validated before a version answers them", async () => {
  const rehearsed = await RehearsedShop.of(shopOfDocument(document));
  const post = async (query: string, headers: Record<string, string>, body: string) => {
    const json = { "content-type": "application/json", ...headers };
    const answer = await rehearsed.fetch(`/dev/orders${query}`, { method: "POST", headers: json, body });
    return `${answer.status} ${await answer.text()}`;
  };
  // Node's own client writes names of headers in lower case.
  const missing = '400 {"message":"Missing required request parameters: [X-Customer]"}';
  const invalid = '400 {"message":"Invalid request body"}';
  expect(await post("", {}, '{"item":"tea"}')).toBe(
    '400 {"message":"Missing required request parameters: [X-Customer, shop]"}',
  );
  expect(await post("?shop=1", {}, '{"item":"tea"}')).toBe(missing);
  expect(rehearsed.lastReason).toBe("Missing required request parameters: [X-Customer]");
  const plain = { ...document, paths: { ...document.paths, "/orders": { post: withoutParameters() } } };
  await rehearsed.apply(shopOfDocument(plain));
  expect(await post("", {}, '{"item":"tea"}')).toBe("200 v1");
  expect(await post("", {}, '{"item":"milk"}')).toBe(invalid);
  expect(await post("", {}, '{"item":"tea","count":0}')).toBe(invalid);
  expect(await post("", {}, '{"item":"tea","more":1}')).toBe(invalid);
  expect(await post("", {}, "tea")).toBe(invalid);
  expect(await post("", {}, "")).toBe(invalid);
  expect(await post("", { "content-type": "text/plain" }, "tea")).toBe("200 v1");

  function withoutParameters() {
    const { parameters: _, ...post } = document.paths["/orders"].post;
    return post;
  }
});

test("a mock answers, and an HTTP integration answers 501", async () => {
  const rehearsed = await RehearsedShop.of(shopOfDocument(document));
  const health = await rehearsed.fetch("/dev/health");
  expect([health.status, health.headers.get("content-type"), await health.json()]).toEqual([
    200,
    "application/json",
    { state: "fine" },
  ]);
  const weather = await rehearsed.fetch("/dev/weather");
  expect([weather.status, await weather.json()]).toEqual([
    501,
    { message: "The rehearsal cannot answer this: an integration of type http answers it in AWS" },
  ]);
});

test("what API Gateway writes as ${...} reaches it", async () => {
  const outdir = await synthesizeFiles(shopOfDocument(document));
  const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
  expect(text).toContain("https://weather.example.com/$${stageVariables.city}");
});

test("a hundred operations split as one does", async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [
      `/things/${index}/{id}`,
      { get: { responses }, put: { responses } },
    ]),
  );
  const files = shopOfDocument({ ...document, paths }, { canary: { version: "v2", percent: 50 } });
  expect(readReleases(filesOnDisk(createProject(files))).problems).toEqual([]);
  const rehearsed = await RehearsedShop.of(files);
  const counts = await rehearsed.count("/dev/things/42/7", 40);
  expect(Object.keys(counts).sort()).toEqual(["v1", "v2"]);
});

test("a canary's requests are validated by the canary's document", async () => {
  const { parameters: _, ...post } = document.paths["/orders"].post;
  const plain = { ...document, paths: { "/orders": { post } } };
  const more = { ...plain, components: { schemas: { Item: { type: "string", enum: ["tea", "milk"] } } } };
  const [one, two] = [fingerprintIn(plain), fingerprintIn(more)];
  const step = (api: object, release: object) =>
    shop({ api: { openapi: path }, ...release }, { [path]: stringify(api) });
  const v1 = { fingerprint: one };
  const rehearsed = await RehearsedShop.of(step(plain, { versions: { v1 } }));
  const versions = { v1, v2: { fingerprint: two } };
  await rehearsed.apply(step(more, { versions }));
  await rehearsed.apply(step(more, { versions, canary: { version: "v2", percent: 50 } }));
  const answers = new Set<string>();
  for (let sent = 0; sent < 40; sent++) {
    const headers = { "content-type": "application/json" };
    const body = '{"item":"milk"}';
    const response = await rehearsed.fetch("/dev/orders", { method: "POST", headers, body });
    answers.add(`${response.status} ${await response.text()}`);
  }
  expect([...answers].sort()).toEqual(["200 v2", '400 {"message":"Invalid request body"}']);
});

test("an authorizer of the document is the version's own function", async () => {
  const authorizer = { type: "token", authorizerResultTtlInSeconds: 0, "x-lambda-release-function": "gate" };
  const guarded = {
    ...document,
    paths: {
      "/orders": { get: { responses, security: [{ gate: [] }], "x-lambda-release-function": "shop" } },
    },
    components: {
      securitySchemes: {
        gate: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authorizer": authorizer,
        },
      },
    },
  };
  const admits = (token: string) => `export const handler = async ({ authorizationToken, methodArn }) => ({
    principalId: "somebody",
    policyDocument: { Version: "2012-10-17", Statement: [{
      Action: "execute-api:Invoke", Effect: authorizationToken === "${token}" ? "Allow" : "Deny", Resource: methodArn,
    }] },
  });`;
  const files = (release: object) =>
    shop(
      { api: { openapi: path }, functions: ["shop", "gate"], ...release },
      {
        [path]: stringify(guarded),
        "lambdas/shop/v1/gate.ts": admits("one"),
        "lambdas/shop/v2/gate.ts": admits("two"),
      },
    );
  const fingerprint = givenFingerprint(filesOnDisk(createProject(files({}))), "dev", "shop");
  const versions = { v1: { fingerprint }, v2: { fingerprint } };
  const status = async (rehearsed: RehearsedShop, authorization: string) =>
    (await rehearsed.fetch("/dev/orders", { headers: { authorization } })).status;
  const before = await RehearsedShop.of(files({ versions }));
  expect([await status(before, "one"), await status(before, "two")]).toEqual([200, 403]);
  const after = await RehearsedShop.of(files({ versions, stable: "v2" }));
  expect([await status(after, "one"), await status(after, "two")]).toEqual([403, 200]);
});
