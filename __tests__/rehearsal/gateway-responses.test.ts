import { shopOfDocument } from "../support/openapi-shop";
import { RehearsedShop } from "../support/rehearse";

const get = { responses: { "200": { description: "Fine" } } };
const template = (text: string) => ({ responseTemplates: { "application/json": text } });
const withHeaders = (headers: Record<string, string>) => ({
  responseParameters: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
  ),
});

/** A document with these gateway responses; `/keyed` needs an API key, `/checked` a body, `/slow` is never answered. */
const documentOf = (responses: object) => ({
  openapi: "3.0.3",
  info: { title: "Shop", version: "1" },
  "x-amazon-apigateway-gateway-responses": responses,
  "x-amazon-apigateway-request-validators": {
    all: { validateRequestBody: true, validateRequestParameters: true },
  },
  paths: {
    "/": { get },
    "/things/{id}": { get: { ...get, security: [{ api_key: [] }] } },
    "/checked": {
      post: {
        "x-amazon-apigateway-request-validator": "all",
        parameters: [{ name: "shop", in: "query", required: true, schema: { type: "string" } }],
        requestBody: { content: { "application/json": { schema: { type: "object", required: ["item"] } } } },
        ...get,
      },
    },
    "/mock": {
      get: {
        ...get,
        "x-amazon-apigateway-integration": {
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode": 200}' },
          responses: {
            default: {
              statusCode: "200",
              ...template('{"id": "$context.requestId", "who": "$input.params(\'who\')"}'),
            },
          },
        },
      },
    },
  },
  components: { securitySchemes: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } } },
});

const plans = { stage: { usagePlans: { basic: { keys: ["friend"] } } } };
const rehearse = (responses: object, code?: string) =>
  RehearsedShop.of({
    ...shopOfDocument(documentOf(responses), plans),
    ...(code !== undefined && { "lambdas/shop/v1/shop.ts": code }),
  });
const fails = "export const handler = async () => { throw new Error('sold out'); };";

test("each type of API Gateway's own answers is as the document has it, and the others as the defaults", async () => {
  const told = '{"type": "$context.error.responseType", "text": $context.error.messageString}';
  const rehearsed = await rehearse({
    MISSING_AUTHENTICATION_TOKEN: { statusCode: 404, ...template(told) },
    INVALID_API_KEY: { statusCode: "401", ...template(told) },
    BAD_REQUEST_PARAMETERS: template(
      '{"why": "$util.escapeJavaScript($context.error.validationErrorString)"}',
    ),
    DEFAULT_4XX: { statusCode: 418, ...withHeaders({ "X-From": "'default'" }), ...template(told) },
    DEFAULT_5XX: template(told),
  });
  const answer = async (path: string, options?: RequestInit) => {
    const response = await rehearsed.fetch(path, options);
    return [response.status, response.headers.get("x-from"), await response.json()];
  };
  expect(await answer("/dev/nowhere")).toEqual([
    404,
    null,
    { type: "MISSING_AUTHENTICATION_TOKEN", text: "Missing Authentication Token" },
  ]);
  expect(await answer("/dev/things/7")).toEqual([401, null, { type: "INVALID_API_KEY", text: "Forbidden" }]);
  expect(await answer("/dev/checked", { method: "POST" })).toEqual([
    400,
    null,
    { why: "Missing required request parameters: [shop]" },
  ]);
  const json = { "content-type": "application/json" };
  expect(await answer("/dev/checked?shop=1", { method: "POST", headers: json, body: "{}" })).toEqual([
    418,
    "default",
    { type: "BAD_REQUEST_BODY", text: "Invalid request body" },
  ]);
  expect(rehearsed.records.map(({ status }) => status)).toEqual([404, 401, 400, 418]);
});

test("headers and templates tell of the request", async () => {
  const rehearsed = await rehearse({
    INVALID_API_KEY: {
      ...withHeaders({
        "X-Fixed": "'one'",
        "X-Id": "context.requestId",
        "X-Path": "method.request.path.id",
        "X-Query": "method.request.querystring.q",
        "X-Header": "method.request.header.X-Tell",
        "X-Variable": "stageVariables.shopFunction",
        "X-None": "method.request.header.X-None",
      }),
      ...template(
        '{"place": "$context.httpMethod ${context.resourcePath} $context.stage", "variable": "$stageVariables.shopFunction", "costs": "5 $"}',
      ),
    },
  });
  const response = await rehearsed.fetch("/dev/things/7?q=x", { headers: { "X-Tell": "me" } });
  const header = (name: string) => response.headers.get(name);
  expect(await response.json()).toEqual({
    place: "GET /things/{id} dev",
    variable: "shop-dev-v1",
    costs: "5 $",
  });
  expect([response.status, header("x-amzn-errortype")]).toEqual([403, "ForbiddenException"]);
  expect(["x-fixed", "x-path", "x-query", "x-header", "x-variable", "x-none"].map(header)).toEqual([
    "one",
    "7",
    "x",
    "me",
    "shop-dev-v1",
    null,
  ]);
  expect(header("x-id")).toBe(header("x-amzn-requestid"));
});

test("a function that fails is an INTEGRATION_FAILURE, whose status is 504 where the document gives the type", async () => {
  const statusWith = async (responses: object) =>
    (await (await rehearse(responses, fails)).fetch("/dev/")).status;
  expect(await statusWith({})).toBe(502);
  expect(await statusWith({ DEFAULT_5XX: template("{}") })).toBe(502);
  expect(await statusWith({ INTEGRATION_FAILURE: template("{}") })).toBe(504);
  expect(await statusWith({ INTEGRATION_FAILURE: { statusCode: 503 } })).toBe(503);
});

test("a function's own error is not changed", async () => {
  const code = "export const handler = async () => ({ statusCode: 404, body: 'own' });";
  const rehearsed = await rehearse({ DEFAULT_4XX: { statusCode: 400, ...template("{}") } }, code);
  const response = await rehearsed.fetch("/dev/");
  expect([response.status, await response.text()]).toEqual([404, "own"]);
});

test("a mock's template tells of the request", async () => {
  const rehearsed = await rehearse({});
  const response = await rehearsed.fetch("/dev/mock?who=me");
  expect(await response.json()).toEqual({ id: response.headers.get("x-amzn-requestid"), who: "me" });
});
