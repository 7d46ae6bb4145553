import { Run } from "../../src/rehearsal/run";
import { CalledAddress, type Given } from "../support/called-address";
import { shopOfDocument } from "../support/openapi-shop";
import { createProject, synthesizeProject } from "../support/project";
import { RehearsedShop } from "../support/rehearse";

const responses = { "200": { description: "Fine" } };
const key = "x-amazon-apigateway-integration";
type Json = Record<string, unknown>;

let answer: Given | "cut" = {};
let address: CalledAddress;
beforeAll(async () => {
  address = await CalledAddress.of(() => answer);
});
afterAll(() => address.close());
beforeEach(() => {
  answer = {};
  address.got.length = 0;
});

/** A shop whose document has those paths, and a stage variable with the address. */
function shopOf(paths: Json, document: Json = {}, release: object = {}) {
  const whole = { openapi: "3.0.3", info: { title: "Shop", version: "1" }, ...document };
  const variables = { backend: address.host, level: "gold" };
  return shopOfDocument(
    { ...whole, paths: { "/": { get: { responses } }, ...paths } },
    {
      stage: { variables },
      ...release,
    },
  );
}

const calling = (paths: Json, document?: Json) =>
  RehearsedShop.of(shopOf(paths, document), { claims: { sub: "ada" } }, true);

describe("an http_proxy integration", () => {
  const proxy = {
    "/shops/{proxy+}": {
      "x-amazon-apigateway-any-method": {
        parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
        responses,
        [key]: {
          type: "http_proxy",
          httpMethod: "ANY",
          uri: "http://${stageVariables.backend}/v2/{proxy}?from=shop",
          requestParameters: {
            "integration.request.path.proxy": "method.request.path.proxy",
            "integration.request.header.X-Level": "stageVariables.level",
            "integration.request.header.User-Agent": "'shop'",
            "integration.request.querystring.id": "context.requestId",
          },
        },
      },
    },
  };

  test("passes a request on: method, path, query, headers and body", async () => {
    const rehearsed = await calling(proxy);
    answer = { status: 201, body: "made" };
    const sent = await rehearsed.fetch("/dev/shops/7/bread%20rolls?q=a%20b&q=c", {
      method: "POST",
      headers: { "content-type": "text/plain", authorization: "Bearer t", via: "1.1 proxy", te: "trailers" },
      body: "two",
    });
    expect([sent.status, await sent.text()]).toEqual([201, "made"]);
    const { method, url, headers, body } = address.last;
    const id = sent.headers.get("x-amzn-requestid");
    expect([method, url, body]).toEqual([
      "POST",
      `/v2/7/bread%20rolls?from=shop&q=a%20b&q=c&id=${id}`,
      "two",
    ]);
    expect(headers).toMatchObject({
      Authorization: "Bearer t",
      Host: address.host,
      "User-Agent": "shop",
      "X-Level": "gold",
      "X-Forwarded-For": "127.0.0.1",
      "X-Amzn-Apigateway-Api-Id": expect.stringMatching(/^\w+$/),
      "X-Amzn-Trace-Id": expect.stringContaining("Root="),
      "content-type": "text/plain",
    });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(via|te|transfer-encoding)$/)]),
    );
    expect(rehearsed.records.at(-1)).toMatchObject({
      status: 201,
      called: `http://${address.host}${url}`,
      isCanary: false,
    });
  });

  test.each(["GET", "HEAD", "OPTIONS"])(
    "calls an address by %s without the caller's body",
    async (httpMethod) => {
      const uri = "http://${stageVariables.backend}/kept";
      const operation = { responses, [key]: { type: "http_proxy", httpMethod, uri } };
      const rehearsed = await calling({ "/kept": { post: operation } });
      const sent = { method: "POST", headers: { "content-type": "text/plain" }, body: "two" };
      expect((await rehearsed.fetch("/dev/kept", sent)).status).toBe(200);
      const { method, headers, body } = address.last;
      expect([method, body]).toEqual([httpMethod, ""]);
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      expect(names.filter((name) => /^(content-length|transfer-encoding)$/.test(name))).toEqual([]);
    },
  );

  test("gives the answer back, with API Gateway's own headers in place of the address's", async () => {
    const rehearsed = await calling(proxy);
    answer = {
      status: 302,
      headers: {
        "Content-Type": "text/html",
        Location: "/there",
        "Set-Cookie": ["a=1", "b=2"],
        Server: "backend",
        "x-amzn-RequestId": "theirs",
      },
      body: "<p>moved",
    };
    const sent = await rehearsed.fetch("/dev/shops/1", { redirect: "manual" });
    expect([sent.status, await sent.text()]).toEqual([302, "<p>moved"]);
    expect(sent.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(Object.fromEntries(sent.headers)).toMatchObject({
      "content-type": "text/html",
      location: "/there",
      "x-amzn-remapped-server": "backend",
      "x-amzn-remapped-x-amzn-requestid": "theirs",
      "x-amzn-requestid": rehearsed.records.at(-1)?.requestId,
    });
    expect(sent.headers.get("server")).toBeNull();
  });

  test("passes bytes where the API has their media type, and text everywhere else", async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    answer = { headers: { "content-type": "image/png" }, body: bytes };
    const body = async (document: Json) => {
      const sent = await (await calling(proxy, document)).fetch("/dev/shops/1", {
        headers: { accept: "image/png" },
      });
      return Buffer.from(await sent.arrayBuffer());
    };
    expect(await body({ "x-amazon-apigateway-binary-media-types": ["image/png"] })).toEqual(bytes);
    expect(await body({})).toEqual(Buffer.from(bytes.toString("utf8")));
  });
});

describe("an http integration", () => {
  const http = (more: Json = {}, parameters: Json[] = []) => ({
    "/orders/{id}": {
      put: {
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "X-Customer", in: "header", schema: { type: "string" } },
          ...parameters,
        ],
        responses: {
          "200": { description: "Fine", headers: { "X-Cost": {}, "X-Kind": {} } },
          "404": { description: "None" },
          "502": { description: "Broken" },
        },
        security: [{ users: [] }],
        [key]: {
          type: "http",
          httpMethod: "POST",
          uri: "http://${stageVariables.backend}/o/{order}",
          requestParameters: {
            "integration.request.path.order": "method.request.path.id",
            "integration.request.header.X-Who": "context.authorizer.claims.sub",
            "integration.request.header.X-Customer": "method.request.header.X-Customer",
            "integration.request.querystring.stage": "context.stage",
          },
          responses: {
            default: {
              statusCode: "200",
              responseParameters: {
                "method.response.header.X-Cost": "integration.response.header.X-Cost",
                "method.response.header.X-Kind": "'order'",
              },
            },
            "404": {
              statusCode: "404",
              responseTemplates: { "application/json": '{"none": "$input.params(\'id\')"}' },
            },
            "5\\d\\d": { statusCode: "502", responseTemplates: { "application/json": "{}" } },
          },
          ...more,
        },
      },
    },
  });
  const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1";
  const users = {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [pool] },
  };
  const document = { components: { securitySchemes: { users } } };
  const put = (rehearsed: RehearsedShop, body = '{ "a": 1 }', type = "application/json") =>
    rehearsed.fetch("/dev/orders/7?q=1", { method: "PUT", headers: { "content-type": type }, body });

  test("sends what its request parameters name and nothing else of the request, but its body", async () => {
    const rehearsed = await calling(http(), document);
    await put(rehearsed);
    const { method, url, headers, body } = address.last;
    expect([method, url, body]).toEqual(["POST", "/o/7?stage=dev", '{ "a": 1 }']);
    expect(headers).toMatchObject({
      "X-Who": "ada",
      Accept: "application/json",
      "Content-Type": "application/json",
      "User-Agent": expect.stringMatching(/^AmazonAPIGateway_/),
    });
    expect(Object.keys(headers)).not.toContain("accept-language");
  });

  test.each<[string, string, Json, string]>([
    [
      "a template",
      "application/json",
      { requestTemplates: { "application/json": '{"of": "$context.stage"}' } },
      '{"of": "dev"}',
    ],
    [
      "all of the body",
      "application/json",
      { requestTemplates: { "application/json": "$input.json('$')" } },
      '{"a":1}',
    ],
    [
      "the body, which no template takes",
      "text/plain",
      { requestTemplates: { "application/json": "{}" } },
      '{ "a": 1 }',
    ],
  ])("sends %s", async (_, type, more, body) => {
    await put(await calling(http(more), document), '{ "a": 1 }', type);
    expect(address.last.body).toBe(body);
  });

  test.each(["never", "when_no_templates"])(
    "refuses with passthrough %s what no template takes",
    async (passthroughBehavior) => {
      const requestTemplates = { "application/json": "{}" };
      const rehearsed = await calling(http({ requestTemplates, passthroughBehavior }), document);
      const sent = await put(rehearsed, "a", "text/plain");
      expect([sent.status, await sent.json()]).toEqual([415, { message: "Unsupported Media Type" }]);
      expect(address.got).toEqual([]);
    },
  );

  test.each<[number, number, string]>([
    [203, 200, "as it is"],
    [404, 404, '{"none": "7"}'],
    [503, 502, "{}"],
  ])("makes of the status %i a %i", async (status, answered, body) => {
    answer = { status, headers: { "X-Cost": "3", "x-other": "o" }, body: "as it is" };
    const sent = await put(await calling(http(), document));
    expect([sent.status, await sent.text(), sent.headers.get("content-type")]).toEqual([
      answered,
      body,
      "application/json",
    ]);
    const own = [sent.headers.get("x-cost"), sent.headers.get("x-kind"), sent.headers.get("x-other")];
    expect(own).toEqual(answered === 200 ? ["3", "order", null] : [null, null, null]);
  });

  test("without a response for a status is a fault of the API", async () => {
    const rehearsed = await calling(http({ responses: { "404": { statusCode: "404" } } }), document);
    expect((await put(rehearsed)).status).toBe(500);
    expect(rehearsed.lastReason).toBe(
      `http://${address.host}/o/7?stage=dev: no integration response is for status 200`,
    );
  });
});

describe("a call that fails", () => {
  const path = (more: Json) => ({
    "/x": { get: { responses, [key]: { type: "http_proxy", httpMethod: "GET", ...more } } },
  });
  test.each<[string, () => Json, number, string, RegExp]>([
    [
      "takes too long",
      () => ({ uri: "http://${stageVariables.backend}/", timeoutInMillis: 60 }),
      504,
      "Endpoint request timed out",
      /took longer than the integration's 60 ms/,
    ],
    [
      "is not accepted",
      () => ({ uri: "http://127.0.0.1:9/" }),
      504,
      "Network error communicating with endpoint",
      /ECONNREFUSED/,
    ],
    [
      "has no such host",
      () => ({ uri: "http://nowhere.invalid/" }),
      500,
      "Internal server error",
      /ENOTFOUND|EAI_AGAIN/,
    ],
    [
      "lacks a stage variable",
      () => ({ uri: "http://${stageVariables.other}/" }),
      500,
      "Internal server error",
      /^the stage has no variable other$/,
    ],
    [
      "lacks a part of its path",
      () => ({ uri: "http://${stageVariables.backend}/{id}" }),
      500,
      "Internal server error",
      /^no request parameter gives {id} of /,
    ],
    [
      "maps a header of API Gateway's own",
      () => ({
        uri: "http://${stageVariables.backend}/",
        requestParameters: { "integration.request.header.Content-Length": "'1'" },
      }),
      500,
      "Internal server error",
      /must not set the header Content-Length/,
    ],
  ])("because it %s", async (_, more, status, message, reason) => {
    answer = { afterMs: 300 };
    const rehearsed = await calling(path(more()));
    const sent = await rehearsed.fetch("/dev/x");
    expect([sent.status, await sent.json()]).toEqual([status, { message }]);
    expect(rehearsed.lastReason).toMatch(reason);
  });

  test("because it is cut off", async () => {
    answer = "cut";
    const rehearsed = await calling(path({ uri: "http://${stageVariables.backend}/" }));
    expect((await rehearsed.fetch("/dev/x")).status).toBe(504);
  });
});

describe("a rehearsal", () => {
  const paths = {
    "/stock": {
      get: {
        responses,
        [key]: { type: "http_proxy", httpMethod: "GET", uri: "http://${stageVariables.backend}/s" },
      },
    },
  };
  const run = async (more: object) => {
    const project = createProject(shopOf(paths));
    const outdir = await synthesizeProject(project);
    const log = jest.spyOn(console, "log").mockImplementation();
    const error = jest.spyOn(console, "error").mockImplementation();
    try {
      const options = { service: "dev/shop", stack: "shop-dev", requests: 30, seed: 1, port: 0, ...more };
      const ok = await new Run(project, outdir, options).start();
      return { ok, lines: log.mock.calls.flat().join("\n") };
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
  };

  test("calls no address unasked, and says how to ask", async () => {
    const { ok, lines } = await run({});
    expect([ok, address.got]).toEqual([true, []]);
    expect(lines).toContain(
      "unrehearsed  1 route answers 501 here, and AWS calls something else: GET /stock\n",
    );
    expect(lines).toContain("             --call-http calls the addresses of HTTP integrations\n");
  });

  test("calls what stands in for an address, and no other", async () => {
    const origin = "https://stock.example.com";
    const linked = {
      connectionType: "VPC_LINK",
      connectionId: "a1",
      tlsConfig: { insecureSkipVerification: true },
    };
    const stock = (more: object) => ({
      get: { responses, [key]: { type: "http_proxy", httpMethod: "GET", ...more } },
    });
    const files = shopOf({
      "/stock": stock({ uri: `${origin}/v2/stock?all=1`, ...linked }),
      "/prices": stock({ uri: "https://prices.example.com/" }),
    });
    answer = { body: "12 loaves" };
    const backends = new Map([[origin, `http://${address.host}`]]);
    const rehearsed = await RehearsedShop.ofProject(createProject(files), undefined, false, backends);
    const sent = await rehearsed.fetch("/dev/stock");
    expect([sent.status, await sent.text()]).toEqual([200, "12 loaves"]);
    expect([address.last.url, address.last.headers["Host"]]).toEqual([
      "/v2/stock?all=1",
      "stock.example.com",
    ]);
    expect((await rehearsed.fetch("/dev/prices")).status).toBe(501);
  });

  test("refuses a stand-in for an address that no route calls", async () => {
    await expect(run({ backends: new Map([["http://localhost:1", "http://localhost:2"]]) })).rejects.toThrow(
      `'--backend' must name the address of an HTTP integration (http://${address.host}), got "http://localhost:1"`,
    );
  });

  test("calls an address a few times where it is asked to, and as often as --path says", async () => {
    answer = { body: "12 loaves" };
    const { ok, lines } = await run({ callHttp: true });
    expect(ok).toBe(true);
    expect(lines).toContain("calls        1 route calls its address: GET /stock\n");
    expect(lines).toMatch(/GET \/stock +\S+ +200 +12 loaves/);
    expect(address.got).toHaveLength(1);
    const named = await run({ callHttp: true, request: { path: "/stock" } });
    expect([named.ok, address.got.length]).toEqual([true, 1 + 30 + 1]);
  });
});
