import { parseDefinition } from "../../src/rehearsal/api-gateway/definition";

type Json = Record<string, unknown>;

const integration = {
  type: "aws_proxy",
  httpMethod: "POST",
  uri: "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations",
};

/** A definition with one route, and what is added at each level of it. */
function parsed({
  document = {},
  path = {},
  operation = {},
  integrated = {},
}: {
  document?: Json;
  path?: Json;
  operation?: Json;
  integrated?: Json;
} = {}) {
  const get = { "x-amazon-apigateway-integration": { ...integration, ...integrated }, ...operation };
  return parseDefinition(
    JSON.stringify({ openapi: "3.0.1", info: {}, paths: { "/offers": { get, ...path } }, ...document }),
  );
}

const responses = (name: string, responseParameters: Json) => ({
  document: { "x-amazon-apigateway-gateway-responses": { [name]: { responseParameters } } },
});

const templates = (responseTemplates: Json) => ({
  document: { "x-amazon-apigateway-gateway-responses": { THROTTLED: { responseTemplates } } },
});

test("a definition of parts that are all known is read", () => {
  expect(parsed().routes).toMatchObject([
    { method: "GET", path: "/offers", integration: { type: "lambda" } },
  ]);
});

test.each<[string, Parameters<typeof parsed>[0], string]>([
  [
    "of the document",
    { document: { "x-amazon-apigateway-policy": {} } },
    "API definition: the rehearsal does not know 'x-amazon-apigateway-policy'",
  ],
  [
    "of the gateway responses",
    responses("UNAUTHORISED", {}),
    "API definition: the rehearsal does not know 'x-amazon-apigateway-gateway-responses.UNAUTHORISED'",
  ],
  [
    "of a path",
    { path: { parameters: [] } },
    "API definition: the rehearsal does not know '/offers parameters'",
  ],
  [
    "of a method",
    { operation: { "x-amazon-apigateway-something": "all" } },
    "API definition: the rehearsal does not know 'GET /offers x-amazon-apigateway-something'",
  ],
  [
    "of an integration",
    { integrated: { cacheKeyParameters: [] } },
    "API definition: the rehearsal does not know 'GET /offers cacheKeyParameters'",
  ],
  [
    "authorization",
    { operation: { "x-amazon-apigateway-auth": { type: "CUSTOM" } } },
    "GET /offers: the rehearsal does not know the authorization 'CUSTOM'",
  ],
  [
    "way to call a function",
    { integrated: { httpMethod: "GET" } },
    "GET /offers must be an aws_proxy integration called by POST, or a mock",
  ],
  [
    "header whose value is of the body",
    responses("DEFAULT_4XX", { "gatewayresponse.header.X-Id": "method.request.body.id" }),
    "the rehearsal does not know the response parameter 'gatewayresponse.header.X-Id: method.request.body.id'",
  ],
  [
    "template that needs an engine",
    templates({ "application/json": '#set($a = 1){"a": $a}' }),
    "the rehearsal does not know '#set($a' in 'x-amazon-apigateway-gateway-responses.THROTTLED.responseTemplates.application/json'",
  ],
  [
    "template of another value",
    templates({ "application/json": '{"who": "$context.authorizer.principalId"}' }),
    "the rehearsal does not know '$context.authorizer.principalId' in",
  ],
  [
    "second template",
    templates({ "application/json": "{}", "text/plain": "" }),
    "the rehearsal knows one type of 'x-amazon-apigateway-gateway-responses.THROTTLED.responseTemplates', got application/json, text/plain",
  ],
  [
    "mode of transfer that is not its address's",
    { integrated: { responseTransferMode: "STREAM" } },
    "GET /offers must have the responseTransferMode of its address",
  ],
  [
    "parameter that is no header",
    responses("DEFAULT_5XX", { "gatewayresponse.path.id": "'1'" }),
    "the rehearsal does not know the response parameter 'gatewayresponse.path.id: '1''",
  ],
])("an unknown part is refused by its place: %s", (_, part, message) => {
  expect(() => parsed(part)).toThrow(message);
});

const mock = (integrated: Json) =>
  parsed({
    integrated: {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      ...integrated,
    },
  }).routes[0]?.integration;

test.each([
  [
    "an HTTP integration",
    parsed({ integrated: { type: "http_proxy" } }).routes[0]?.integration,
    "of type http_proxy",
  ],
  ["a mock whose status is worked out", mock({ requestTemplates: {} }), "more than a statusCode"],
  [
    "a mock without a response for its status",
    mock({ responses: { "404": {} } }),
    "without a response for 200",
  ],
  [
    "a mock with a template that needs an engine",
    mock({ responses: { default: { responseTemplates: { "application/json": "$input.json('$')" } } } }),
    "with $input.json('$') in its response template",
  ],
  [
    "a mock with a pattern that JavaScript does not know",
    mock({ responses: { "2\\d++": { statusCode: "200" } } }),
    "with the response pattern '2\\d++'",
  ],
  [
    "a mock with a header that is worked out",
    mock({
      responses: { default: { responseParameters: { "method.response.header.X": "context.requestId" } } },
    }),
    "not constant",
  ],
])("%s is not rehearsed, and does not end the rehearsal of others", (_, integration, what) => {
  expect(integration).toMatchObject({ type: "other", what: expect.stringContaining(what) });
});

test("a mock answers by the response for its status, before the default", () => {
  const response = (statusCode: string, text: string) => ({
    statusCode,
    responseTemplates: { "application/json": text },
  });
  expect(mock({ responses: { default: response("500", "no"), "(?s)2.*": response("202", "yes") } })).toEqual({
    type: "mock",
    statusCode: 202,
    headers: { "content-type": "application/json" },
    body: "yes",
  });
});

test.each<[Json, string]>([
  [{ connectionType: "VPC_LINK", connectionId: "a1" }, "through a VPC link, which is in AWS alone,"],
  [{ responseTransferMode: "STREAM" }, "that streams its answer"],
  [{ contentHandling: "CONVERT_TO_TEXT" }, "with 'contentHandling'"],
  [{ type: "http", responses: { "[": { statusCode: "200" } } }, "with the response pattern '['"],
  [{ uri: "arn:aws:apigateway:eu-central-1:sqs:path/1/orders" }, "with the address arn:aws:apigateway"],
  [
    { requestParameters: { "integration.request.header.X": "method.request.body.id" } },
    "with the request parameter 'integration.request.header.X: method.request.body.id'",
  ],
  [
    { type: "http", requestTemplates: { "application/json": "#set($a = 1)" } },
    "with #set($a in its request template",
  ],
  [
    {
      type: "http",
      responses: { default: { responseTemplates: { "application/json": "$input.path('$.a')" } } },
    },
    "in its response template",
  ],
  [
    {
      type: "http",
      responses: {
        default: { responseParameters: { "method.response.header.X": "integration.response.body.id" } },
      },
    },
    "with the response parameter 'method.response.header.X: integration.response.body.id'",
  ],
])("an address that the rehearsal cannot call as AWS does is not called: %j", (integrated, what) => {
  const get = {
    "x-amazon-apigateway-integration": { type: "http_proxy", uri: "https://example.com/", ...integrated },
  };
  const body = JSON.stringify({ openapi: "3.0.1", info: {}, paths: { "/offers": { get } } });
  expect(parseDefinition(body, { all: true, isReplaced: () => false }).routes[0]?.integration).toMatchObject({
    type: "other",
    what: expect.stringContaining(what),
  });
});

test("what callers notice in AWS alone is read, and told", () => {
  const parts = {
    "x-amazon-apigateway-api-key-source": "HEADER",
    "x-amazon-apigateway-minimum-compression-size": 1024,
    "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
    "x-amazon-apigateway-endpoint-access-mode": "STRICT",
  };
  expect(parsed({ document: parts }).unrehearsed).toEqual([
    "answers of 1024 bytes and more are compressed in AWS alone",
    "TLS: SecurityPolicy_TLS13_1_3_2025_09 in AWS, none here",
  ]);
  expect(parsed().unrehearsed).toEqual([]);
  expect(parsed({ document: { "x-amazon-apigateway-api-key-source": "AUTHORIZER" } })).toMatchObject({
    takesKeysFromAuthorizer: true,
  });
});
