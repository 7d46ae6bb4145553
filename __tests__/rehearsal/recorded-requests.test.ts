/**
 * What API Gateway does with a request, as it was recorded at AWS or is written in its guide. Each
 * row names its source:
 *
 * - `common`, `lambda`, `integrations`: tests/aws/services/apigateway/test_apigateway_<name>.py with its snapshot, in
 *   https://github.com/localstack/localstack; all of them were validated against AWS
 * - `notes`: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * - `guide`: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * - `responses`: headers of answers of AWS that people have published
 */
import { json, serving } from "../support/raw-requests";

const echo = "export const handler = async (event: unknown) => ({ body: JSON.stringify(event) });\n";

describe("which route answers", () => {
  const api = {
    routes: [
      { method: "POST", path: "/test" },
      { method: "ANY", path: "/test/any" },
      { method: "OPTIONS", path: "/{proxy+}" },
    ],
  };
  const code = "export const handler = async (event: any) => ({ body: event.resource });\n";
  const get = serving(api, code);

  test.each([
    // common: test_proxy_routing_with_hardcoded_resource_sibling
    ["OPTIONS", "/dev/test", "/{proxy+}"],
    ["POST", "/dev/test", "/test"],
    ["OPTIONS", "/dev/test/any", "/test/any"],
    ["GET", "/dev/test/any", "/test/any"],
  ])("%s %s is answered by %s", async (method, path, route) => {
    expect(String((await get(path, { method })).body)).toBe(route);
  });

  test.each([
    // common: test_routing_not_found
    ["GET", "/dev/nowhere", 403, "Missing Authentication Token", "MissingAuthenticationTokenException"],
    ["GET", "/dev/test", 403, "Missing Authentication Token", "MissingAuthenticationTokenException"],
    // ANY has no other methods: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html
    ["PROPFIND", "/dev/test/any", 403, "Missing Authentication Token", "MissingAuthenticationTokenException"],
    // responses
    ["GET", "/nowhere/test/any", 403, "Forbidden", "ForbiddenException"],
  ])("%s %s is answered by API Gateway itself", async (method, path, status, message, type) => {
    const answer = await get(path, { method });
    expect([answer.status, json(answer), answer.headers["x-amzn-errortype"]]).toEqual([
      status,
      { message },
      type,
    ]);
    expect(answer.headers).toMatchObject({
      "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-amz-apigw-id": expect.stringMatching(/^.{15}=$/),
    });
    expect(answer.headers).not.toHaveProperty("x-amzn-trace-id");
  });

  describe("with CORS", () => {
    const routes = [{ path: "/" }, { method: "ANY", path: "/own" }, { method: "PUT", path: "/echo" }];
    const get = serving({ routes, cors: { allowOrigin: "*" } }, echo);

    test.each([
      ["/dev/", 403, 204],
      ["/dev/own", 200, 200],
      ["/dev/other", 403, 403],
    ])("HEAD %s is a %d, and OPTIONS a %d", async (path, ...statuses) => {
      const answers = [await get(path, { method: "HEAD" }), await get(path, { method: "OPTIONS" })];
      expect(answers.map(({ status }) => status)).toEqual(statuses);
    });

    test("the header X-HTTP-Method-Override is the method", async () => {
      // notes
      const event = json(
        await get("/dev/echo", { method: "POST", headers: ["X-HTTP-Method-Override", "PUT"] }),
      );
      expect(event).toMatchObject({ httpMethod: "PUT", requestContext: { httpMethod: "PUT" } });
      expect(event.headers).not.toHaveProperty("X-HTTP-Method-Override");
    });
  });
});

describe("what of a path and a query the function gets", () => {
  const get = serving({ routes: ["/{proxy+}", "/hardcoded", "/users/{id}"].map((path) => ({ path })) }, echo);

  test.each([
    // lambda: test_lambda_aws_proxy_integration, ...-with-path-encoded-email
    [
      "/dev/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "/dev/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      { proxy: "user/test%2Balias@gmail.com/plus/test+alias@gmail.com" },
    ],
    // lambda: ...-with-trailing-slash
    ["/dev/test-path/", "/test-path/", "/dev/test-path/", { proxy: "test-path" }],
    // lambda: ...-with-double-slash
    ["/dev/a//double-slash", "/a//double-slash", "/dev/a//double-slash", { proxy: "a//double-slash" }],
    // lambda: ...-with-prepended-slash-to-stage
    ["//dev/proxy-value", "/proxy-value", "/dev/proxy-value", { proxy: "proxy-value" }],
    // lambda: ...-with-prepended-slash
    ["/dev//proxy-value", "/proxy-value", "/dev//proxy-value", { proxy: "proxy-value" }],
    // lambda: invocation-hardcoded
    ["/dev//hardcoded", "/hardcoded", "/dev//hardcoded", null],
    // https://github.com/dherault/serverless-offline/issues/265
    ["/dev/users/my-id%2F100", "/users/my-id%2F100", "/dev/users/my-id%2F100", { id: "my-id%2F100" }],
    ["/dev/users/test%7Cid", "/users/test%7Cid", "/dev/users/test%7Cid", { id: "test%7Cid" }],
  ])("%s", async (sent, path, contextPath, pathParameters) => {
    expect(json(await get(sent))).toMatchObject({
      path,
      pathParameters,
      requestContext: { path: contextPath },
    });
  });

  test.each<[string, object | null, object | null]>([
    // lambda: test_lambda_aws_proxy_integration, ...-with-params-encoding
    [
      "?dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&url=https://www.google.com/",
      {
        dateTimeOffset: "2023-06-12T18:05:10.123456 00:00",
        email: "test+alias@gmail.com",
        url: "https://www.google.com/",
      },
      {
        dateTimeOffset: ["2023-06-12T18:05:10.123456 00:00"],
        email: ["test+alias@gmail.com"],
        url: ["https://www.google.com/"],
      },
    ],
    // lambda: ...-with-params-encoding-multi
    [
      "?category=electronics&category=books&price=10&price=20&price=30",
      { category: "books", price: "30" },
      { category: ["electronics", "books"], price: ["10", "20", "30"] },
    ],
    // lambda: ...-without-trailing-slash
    ["", null, null],
  ])("the query %s", async (query, queryStringParameters, multiValueQueryStringParameters) => {
    const event = json(await get(`/dev/hardcoded${query}`));
    expect(event).toMatchObject({
      path: "/hardcoded",
      queryStringParameters,
      multiValueQueryStringParameters,
    });
  });
});

describe("which headers the function gets", () => {
  const get = serving(undefined, echo);

  async function headersFor(headers: readonly string[]) {
    return json(await get("/dev/", { headers })).multiValueHeaders;
  }

  test("those that API Gateway drops are not among them", async () => {
    // integrations: test_apigateway_header_remapping_aws[AWS_PROXY], no-param-integration
    const kept = {
      Accept: "application/json",
      "Accept-Charset": "UTF-8",
      "Accept-Encoding": "br",
      Age: "request_Age",
      Authorization: "Unauthorized",
      "Content-Encoding": "deflate",
      "Content-Type": "application/json",
      Date: "request_Date",
      Pragma: "cache",
      Range: "bytes=500-999",
      Referer: "https://example.com/",
      "User-Agent": "agent/0.0",
      Via: "p.example.net",
      Warn: "299 agent/0.0",
    };
    const dropped = {
      Connection: "close",
      Expect: "100-continue",
      Upgrade: "HTTP/2.0",
      "Content-MD5": "request_Content-MD5",
      "Max-Forwards": "2",
      "Proxy-Authenticate": "Basic",
      Server: "https://example.com/",
      TE: "deflate",
      Trailer: "Expires",
      "Transfer-Encoding": "chunked",
      "WWW-Authenticate": "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
    };
    const got = await headersFor(Object.entries({ ...kept, ...dropped }).flat());
    expect(got).toEqual({
      ...Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, [value]])),
      Host: ["localhost"],
      "X-Amzn-Trace-Id": [expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)],
      "X-Forwarded-For": ["127.0.0.1"],
      "X-Forwarded-Port": [expect.stringMatching(/^\d+$/)],
      "X-Forwarded-Proto": ["http"],
    });
  });

  test.each([
    // lambda: test_lambda_aws_proxy_integration
    [["tEsT-HEADeR", "aValUE"], "tEsT-HEADeR", ["aValUE"]],
    [["authorization", "random-value"], "Authorization", ["random-value"]],
    [["aUThorization", "Bearer token123;API key456"], "Authorization", ["Bearer token123;API key456"]],
    // lambda: test_lambda_aws_proxy_integration_request_data_mapping
    [["user-Agent", "test/integration"], "User-Agent", ["test/integration"]],
    // guide: the input format's multiValueHeaders
    [["X-A", "1", "X-A", "2"], "X-A", ["1", "2"]],
    // notes: a signature is dropped
    [["Authorization", "AWS4-HMAC-SHA256 Credential=a/b"], "Authorization", undefined],
  ])("%j", async (sent, name, values) => {
    expect((await headersFor(sent))[name]).toEqual(values);
  });

  test("of several with one name, the last stands among those with one value", async () => {
    // guide: the input format's headers
    const event = json(await get("/dev/", { headers: ["X-A", "1", "X-A", "2"] }));
    expect(event.headers["X-A"]).toBe("2");
  });
});

describe("the trace", () => {
  const root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8";
  const full = `${root};Parent=7fa8c0f79203be72;Sampled=1`;
  const get = serving({ routes: [{ path: "/" }], cors: { allowOrigin: "*" } }, echo);

  test.each([
    // common: test_invocation_trace_id
    ["a whole one is the answer's", full, full, full],
    [
      "a root alone gets a parent",
      root,
      root,
      expect.stringMatching(`^${root};Parent=[0-9a-f]{16};Sampled=0$`),
    ],
    [
      "one is made",
      undefined,
      expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    ],
  ])("%s", async (_, sent, forFunction, forCaller) => {
    const headers = sent === undefined ? [] : ["x-amzn-trace-id", sent];
    const answer = await get("/dev/", { headers });
    expect(json(answer).headers["X-Amzn-Trace-Id"]).toEqual(forFunction);
    expect(answer.headers["x-amzn-trace-id"]).toEqual(forCaller);
    expect(json(answer).requestContext.extendedRequestId).toBe(answer.headers["x-amz-apigw-id"]);
  });

  test("an answer without a function has none", async () => {
    // common: test_invocation_trace_id, trace-id-req-headers-MOCK
    const { headers } = await get("/dev/", { method: "OPTIONS", headers: ["x-amzn-trace-id", full] });
    expect(headers).not.toHaveProperty("x-amzn-trace-id");
    expect(headers).toHaveProperty("x-amz-apigw-id");
  });
});
