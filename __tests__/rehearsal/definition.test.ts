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

test("a definition of parts that are all known is read", () => {
  expect(parsed().routes).toMatchObject([
    { method: "GET", path: "/offers", integration: { type: "lambda" } },
  ]);
});

test.each<[string, Parameters<typeof parsed>[0], string]>([
  [
    "of a template",
    {
      integrated: {
        type: "mock",
        responses: { default: { responseTemplates: { "application/json": "#set($a = 1)" } } },
      },
    },
    "API definition: the rehearsal does not know the response template of GET /offers",
  ],
  [
    "of the document",
    { document: { "x-amazon-apigateway-policy": {} } },
    "API definition: the rehearsal does not know 'x-amazon-apigateway-policy'",
  ],
  [
    "of the gateway responses",
    responses("UNAUTHORIZED", {}),
    "API definition: the rehearsal does not know 'x-amazon-apigateway-gateway-responses.UNAUTHORIZED'",
  ],
  [
    "of a path",
    { path: { parameters: [] } },
    "API definition: the rehearsal does not know '/offers parameters'",
  ],
  [
    "of a method",
    { operation: { "x-amazon-apigateway-request-validator": "all" } },
    "API definition: the rehearsal does not know 'GET /offers x-amazon-apigateway-request-validator'",
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
    "kind of integration",
    { integrated: { type: "http_proxy" } },
    "GET /offers must be an aws_proxy integration called by POST, or a mock",
  ],
  [
    "way to call a function",
    { integrated: { httpMethod: "GET" } },
    "GET /offers must be an aws_proxy integration called by POST, or a mock",
  ],
  [
    "header whose value is no fixed text",
    responses("DEFAULT_4XX", { "gatewayresponse.header.X-Path": "method.request.path.id" }),
    "the rehearsal does not know the response parameter 'gatewayresponse.header.X-Path: method.request.path.id'",
  ],
  [
    "parameter that is no header",
    responses("DEFAULT_5XX", { "gatewayresponse.path.id": "'1'" }),
    "the rehearsal does not know the response parameter 'gatewayresponse.path.id: '1''",
  ],
])("an unknown part is refused by its place: %s", (_, part, message) => {
  expect(() => parsed(part)).toThrow(message);
});
