import {
  key as apiKey,
  definitionIn,
  get,
  type Json,
  problemsIn,
  schemes,
  withGet,
} from "../../support/openapi";

const key = "x-amazon-apigateway-integration";
const inGet = "paths./offers.get";
const inIntegration = `${inGet}.${key}`;
const proxy = { type: "http_proxy", httpMethod: "GET", uri: "https://stock.example.com/{id}" };
const mock = { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' } };
const integrated = (integration: Json, operation: Json = {}) => withGet({ ...operation, [key]: integration });
const answering = (response: Json, operation: Json = {}) =>
  integrated({ ...mock, responses: { default: response } }, operation);
const limit = { parameters: [{ name: "limit", in: "query", schema: { type: "integer" } }] };
const authorizer = (fields: Json) =>
  withGet(
    { security: [{ users: [] }] },
    schemes({
      users: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authorizer": { type: "token", ...fields },
      },
    }),
  );
const inAuthorizer = "components.securitySchemes.users.x-amazon-apigateway-authorizer";
const there = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/x/invocations";

test.each<[string, object, string]>([
  [
    "an address that is missing",
    integrated({ type: "http_proxy", httpMethod: "GET" }),
    `${inIntegration}.uri' must be an address that begins with http:// or https://`,
  ],
  [
    "one of another kind",
    integrated({ ...proxy, uri: "stock.example.com" }),
    `${inIntegration}.uri' must be an address that begins with http:// or https://, got "stock.example.com"`,
  ],
  [
    "an action of AWS without its ARN",
    integrated({ type: "aws", httpMethod: "POST" }),
    `${inIntegration}.uri' must be the ARN of an action of AWS`,
  ],
  [
    "a call without a method",
    integrated({ type: "http", uri: proxy.uri }),
    `${inIntegration}.httpMethod' must be given: API Gateway calls the address by it`,
  ],
  [
    "a link that is not named",
    integrated({ ...proxy, connectionType: "VPC_LINK" }),
    `${inIntegration}.connectionId' must be given with VPC_LINK`,
  ],
  [
    "a word that is none",
    integrated({ ...mock, passthroughBehavior: "sometimes" }),
    `${inIntegration}.passthroughBehavior' must be one of WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER, got "sometimes"`,
  ],
  [
    "a field that is misspelt",
    integrated({ ...proxy, requestParameter: {} }),
    `${inIntegration}.requestParameter' must not be given: API Gateway ignores it`,
  ],
  [
    "a parameter that is not declared",
    integrated({ ...proxy, requestParameters: { "integration.request.path.id": "method.request.path.id" } }),
    `${inIntegration}.requestParameters["integration.request.path.id"]' must name a parameter of the operation`,
  ],
  [
    "one that is declared in another place",
    integrated(
      { ...proxy, requestParameters: { "integration.request.header.Limit": "method.request.header.limit" } },
      limit,
    ),
    "that 'parameters' does not declare in header, got \"method.request.header.limit\"",
  ],
  [
    "a constant without its quotes",
    integrated({ ...proxy, requestParameters: { "integration.request.header.Level": "gold" } }),
    "must be 'text' in single quotes, or begin with method.request., context. or stageVariables., got \"gold\"",
  ],
  [
    "a parameter to nowhere",
    integrated({ ...proxy, requestParameters: { "integration.header.Level": "'gold'" } }),
    'must be a name such as integration.request.header.X-Tenant, .querystring or .path, got "integration.header.Level"',
  ],
  [
    "a status that the operation does not have",
    answering({ statusCode: "404" }),
    `${inIntegration}.responses.default.statusCode' must be a status that 'responses' of the operation has`,
  ],
  [
    "a status that is none",
    answering({}),
    `${inIntegration}.responses.default.statusCode' must be a status between 100 and 599`,
  ],
  [
    "a header that its response does not have",
    answering({ statusCode: "200", responseParameters: { "method.response.header.Allow": "'GET'" } }),
    "must be method.response.header.<name>, with a name in 'headers' of the operation's response 200",
  ],
  [
    "a gateway response of no type",
    withGet({}, { "x-amazon-apigateway-gateway-responses": { DEFAULT_400: {} } }),
    `'x-amazon-apigateway-gateway-responses.DEFAULT_400' must be a type of API Gateway's own answers`,
  ],
  [
    "a gateway response with a status that is none",
    withGet({}, { "x-amazon-apigateway-gateway-responses": { THROTTLED: { statusCode: 42 } } }),
    "THROTTLED.statusCode' must be a status between 100 and 599, got 42",
  ],
  [
    "a header of a gateway response without its place",
    withGet(
      {},
      { "x-amazon-apigateway-gateway-responses": { THROTTLED: { responseParameters: { "X-A": "'1'" } } } },
    ),
    'must be a name such as gatewayresponse.header.X-Reason, got "X-A"',
  ],
  [
    "keys from authorizers where a route has none",
    withGet(
      { security: [{ key: [] }] },
      { ...schemes({ key: apiKey }), "x-amazon-apigateway-api-key-source": "AUTHORIZER" },
    ),
    "'x-amazon-apigateway-api-key-source' must be HEADER, because GET /offers wants an API key",
  ],
  [
    "a validator that is misspelt",
    withGet({}, { "x-amazon-apigateway-request-validators": { all: { validateRequestParameter: true } } }),
    "validateRequestParameter' must be one of validateRequestBody, validateRequestParameters",
  ],
  [
    "a misspelt field of an authorizer that is there",
    authorizer({ authorizerUri: there, authorizerResultTtl: 0 }),
    `${inAuthorizer}.authorizerResultTtl' must be one of type, authorizerUri`,
  ],
  [
    "a misspelt field of a function that decides",
    authorizer({ authorizerResultTtl: 0 }),
    `${inAuthorizer}.authorizerResultTtl' must be one of type, identitySource`,
  ],
  [
    "a cache that is kept too long",
    authorizer({ authorizerUri: there, authorizerResultTtlInSeconds: 7200 }),
    `${inAuthorizer}.authorizerResultTtlInSeconds' must be a whole number of seconds between 0 and 3600, got 7200`,
  ],
])("%s is refused with line and column", (_, document, message) => {
  const problems = problemsIn(document);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^lambdas\/shop\/openapi\.yaml:\d+:\d+ /);
  expect(problems[0]).toContain(message);
});

test("what is declared may be mapped", () => {
  const mapped = integrated(
    {
      type: "http",
      httpMethod: "get",
      uri: "http://${stageVariables.backend}/stock",
      passthroughBehavior: "never",
      requestParameters: {
        "integration.request.querystring.most": "method.request.querystring.Limit",
        "integration.request.header.X-All": "method.request.multivalueheader.X-Some",
        "integration.request.header.X-Stage": "context.stage",
      },
      responses: {
        "5\\d\\d": { statusCode: 500 },
        default: {
          statusCode: "200",
          responseParameters: { "method.response.header.x-cost": "integration.response.header.X-Cost" },
        },
      },
    },
    {
      ...limit,
      responses: {
        "200": { description: "Fine", headers: { "X-Cost": { schema: { type: "string" } } } },
        "500": { description: "Broken" },
      },
    },
  );
  expect(problemsIn(mapped)).toEqual([]);
});

test("a function's integration may have what an export has of it", () => {
  const exported = {
    type: "aws_proxy",
    httpMethod: "POST",
    passthroughBehavior: "when_no_match",
    contentHandling: "CONVERT_TO_TEXT",
    responses: { default: { statusCode: "200" } },
  };
  expect(definitionIn(integrated(exported))).toEqual(definitionIn({ ...withGet(get) }));
  expect(problemsIn(integrated({ ...exported, contentHandling: "CONVERT_TO_BINARY" }))).toHaveLength(1);
});
