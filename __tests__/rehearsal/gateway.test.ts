import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { RehearsedShop } from "../support/rehearse";
import { fingerprintOf, shopOfOne as one, shop } from "../support/shop";

const echo =
  "export const handler = async (event: unknown, context: unknown) => ({ body: JSON.stringify({ event, context }) });\n";

test("the event is that of a REST API's Lambda proxy integration", async () => {
  const rehearsed = await RehearsedShop.of(one({ routes: [{ method: "POST", path: "/users/{id}" }] }, echo));
  const response = await rehearsed.fetch("/dev/users/a%20b?tag=x&tag=y&one=1", {
    method: "POST",
    headers: { "content-type": "text/plain", "x-thing": "1", "user-agent": "test" },
    body: "hello",
  });
  const { event } = (await response.json()) as { event: object };
  expect(event).toMatchObject({
    resource: "/users/{id}",
    path: "/users/a%20b",
    httpMethod: "POST",
    headers: { "x-thing": "1", "User-Agent": "test" },
    multiValueHeaders: { "x-thing": ["1"] },
    queryStringParameters: { tag: "y", one: "1" },
    multiValueQueryStringParameters: { tag: ["x", "y"], one: ["1"] },
    pathParameters: { id: "a%20b" },
    stageVariables: { shopFunction: "shop-dev-v1" },
    body: "hello",
    isBase64Encoded: false,
    requestContext: {
      accountId: "123456789012",
      httpMethod: "POST",
      path: "/dev/users/a%20b",
      protocol: "HTTP/1.1",
      resourcePath: "/users/{id}",
      stage: "dev",
      requestId: response.headers.get("x-amzn-requestid"),
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      identity: { sourceIp: "127.0.0.1", userAgent: "test" },
    },
  });
});

test("what a request does not have is null in the event", async () => {
  const rehearsed = await RehearsedShop.of(one(undefined, echo));
  const { event } = (await (await rehearsed.fetch("/dev/")).json()) as { event: object };
  expect(event).toMatchObject({
    body: null,
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
  });
});

describe("routes", () => {
  const paths = ["/", "/users", "/users/{id}", "/users/me", "/{proxy+}"];
  const api = {
    routes: [
      ...paths.map((path) => ({ path })),
      { method: "ANY", path: "/users" },
      { method: "POST", path: "/users/me" },
    ],
  };
  const code =
    "export const handler = async (event: any) => ({ body: event.resource + ' ' + JSON.stringify(event.pathParameters) });\n";

  test.each([
    ["GET", "/dev", "/ null"],
    ["GET", "/dev/", "/ null"],
    ["GET", "/dev/users", "/users null"],
    ["DELETE", "/dev/users", "/users null"],
    ["GET", "/dev/users/7", '/users/{id} {"id":"7"}'],
    ["GET", "/dev/users/me", "/users/me null"],
    ["GET", "/dev/a/b/c", '/{proxy+} {"proxy":"a/b/c"}'],
    ["GET", "/dev/users/7/x", '/{proxy+} {"proxy":"users/7/x"}'],
  ])("%s %s is answered by %s", async (method, path, expected) => {
    const rehearsed = await RehearsedShop.of(one(api, code));
    expect(await (await rehearsed.fetch(path, { method })).text()).toBe(expected);
  });

  test.each([
    ["POST", "/dev/users/7", "Missing Authentication Token"],
    ["DELETE", "/dev/", "Missing Authentication Token"],
    ["GET", "/prod/", "Forbidden"],
  ])("%s %s is a 403 as of API Gateway", async (method, path, message) => {
    const rehearsed = await RehearsedShop.of(one(api, code));
    const response = await rehearsed.fetch(path, { method });
    expect([response.status, await response.json()]).toEqual([403, { message }]);
  });

  test.each([
    ["AWS_IAM", 403, "Missing Authentication Token"],
    [
      { cognitoUserPoolArns: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1"] },
      401,
      "Unauthorized",
    ],
  ])("a caller without credentials does not get through %j", async (authorization, status, message) => {
    const rehearsed = await RehearsedShop.of(one({ routes: [{ path: "/", authorization }] }, echo));
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });
});

describe("CORS for several origins", () => {
  const api = {
    routes: [{ path: "/" }, { method: "ANY", path: "/{proxy+}" }],
    cors: { allowOrigin: ["https://a.example", "https://b.example"] },
  };
  const preflight = async (given: object, path: string, headers: Record<string, string>) => {
    const rehearsed = await RehearsedShop.of(one(given, echo));
    const { status, headers: got } = await rehearsed.fetch(path, { method: "OPTIONS", headers });
    return {
      status,
      origin: got.get("access-control-allow-origin"),
      methods: got.get("access-control-allow-methods"),
      vary: got.get("vary"),
    };
  };

  test.each([
    ["https://a.example", "https://a.example"],
    ["https://b.example", "https://b.example"],
    ["https://a.example.evil", null],
    ["https://c.example", null],
  ])("a preflight from %s is answered with %s", async (origin, expected) => {
    expect(await preflight(api, "/dev/", { origin })).toEqual({
      status: 204,
      origin: expected,
      methods: "OPTIONS,GET",
      vary: "Origin",
    });
  });

  test("API Gateway's own errors have no origin", async () => {
    const rehearsed = await RehearsedShop.of(one({ ...api, routes: [{ path: "/" }] }, echo));
    const { status, headers } = await rehearsed.fetch("/dev/nowhere", {
      headers: { origin: "https://a.example" },
    });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([403, null]);
  });

  test("the function of an ANY route answers OPTIONS itself, unless preflightOfAny is given", async () => {
    const origin = "https://a.example";
    expect(await preflight(api, "/dev/a/b", { origin })).toMatchObject({ status: 200, origin: null });
    const ofAny = { ...api, cors: { ...api.cors, preflightOfAny: true } };
    expect(await preflight(ofAny, "/dev/a/b", { origin })).toMatchObject({
      status: 204,
      origin,
      methods: "OPTIONS,DELETE,GET,HEAD,PATCH,POST,PUT",
    });
    const own = { ...ofAny, routes: [...ofAny.routes, { method: "OPTIONS", path: "/{proxy+}" }] };
    expect(await preflight(own, "/dev/a/b", { origin })).toMatchObject({ status: 200, origin: null });
  });
});

test("CORS is answered without a function, and on API Gateway's own errors", async () => {
  const api = { routes: [{ path: "/" }, { path: "/broken" }], cors: { allowOrigin: "https://example.com" } };
  const code = "export const handler = async () => 'malformed';\n";
  const rehearsed = await RehearsedShop.of(one(api, code));
  const preflight = await rehearsed.fetch("/dev/", { method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    "access-control-allow-origin": "https://example.com",
    "access-control-allow-methods": "OPTIONS,GET",
    "access-control-max-age": "600",
  });
  for (const [path, status] of [
    ["/dev/nowhere", 403],
    ["/dev/broken", 502],
  ] as const) {
    const error = await rehearsed.fetch(path);
    expect([error.status, error.headers.get("access-control-allow-origin")]).toEqual([
      status,
      "https://example.com",
    ]);
  }
});

describe("bodies", () => {
  const bytes = Buffer.from([0, 255, 128, 10]);
  const code =
    "export const handler = async (event: any) => ({ headers: { 'content-type': 'image/png' }, body: event.body, isBase64Encoded: event.isBase64Encoded });\n";

  test("of a binary type go to the function and back as they were", async () => {
    const api = { routes: [{ method: "POST", path: "/" }], binaryMediaTypes: ["image/*"] };
    const rehearsed = await RehearsedShop.of(one(api, code));
    const headers = { "content-type": "image/png", accept: "image/png" };
    const response = await rehearsed.fetch("/dev/", { method: "POST", headers, body: bytes });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    const forOthers = await rehearsed.fetch("/dev/", {
      method: "POST",
      headers: { ...headers, accept: "text/plain" },
      body: bytes,
    });
    expect(await forOthers.text()).toBe(bytes.toString("base64"));
  });

  test("above 10 MB are refused", async () => {
    const rehearsed = await RehearsedShop.of(one({ routes: [{ method: "POST", path: "/" }] }, echo));
    const response = await rehearsed.fetch("/dev/", {
      method: "POST",
      body: Buffer.alloc(10 * 1024 * 1024 + 1),
    });
    expect([response.status, await response.json()]).toEqual([413, { message: "Request Too Long" }]);
  });
});

describe("the function's answer", () => {
  test.each([
    ["{ statusCode: 201, headers: { 'x-a': 'b' }, body: 'made' }", 201, "made"],
    ["{ statusCode: '201', body: 'made' }", 201, "made"],
    ["{ body: 'no status' }", 200, "no status"],
    ["{ statusCode: 200, headers: null }", 200, ""],
    ["{}", 200, ""],
  ])("%s is a response", async (answer, status, body) => {
    const rehearsed = await RehearsedShop.of(
      one(undefined, `export const handler = async () => (${answer});\n`),
    );
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  test.each([
    ["'text'", 'answered "text", not an object'],
    ["undefined", "answered null, not an object"],
    ["{ statusCode: 'ok' }", `statusCode is "ok"`],
    ["{ statusCode: 200, body: { a: 1 } }", `body is {"a":1}, not text`],
    ["{ statusCode: 200, wrongValue: 1 }", "unknown field 'wrongValue'"],
    ["{ multiValueHeaders: { a: 'b' } }", "headers are not text by name"],
  ])("%s is malformed: a 502, and the reason in the terminal", async (answer, reason) => {
    const rehearsed = await RehearsedShop.of(
      one(undefined, `export const handler = async () => (${answer});\n`),
    );
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.json()]).toEqual([502, { message: "Internal server error" }]);
    expect(rehearsed.lastReason).toContain(reason);
  });

  test("may have several values for one header", async () => {
    const answer = "{ headers: { 'x-one': 'a' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } }";
    const rehearsed = await RehearsedShop.of(
      one(undefined, `export const handler = async () => (${answer});\n`),
    );
    const { headers } = await rehearsed.fetch("/dev/");
    expect([headers.get("x-one"), headers.getSetCookie()]).toEqual(["a", ["a=1", "b=2"]]);
  });

  test("above 6 MB is a 502", async () => {
    const code = "export const handler = async () => ({ body: 'x'.repeat(6 * 1024 * 1024 + 1) });\n";
    const rehearsed = await RehearsedShop.of(one(undefined, code));
    expect((await rehearsed.fetch("/dev/")).status).toBe(502);
  });
});

test("HEAD is answered without a body, and the connection goes on", async () => {
  const api = { routes: [{ method: "ANY", path: "/" }] };
  const code = "export const handler = async (event: any) => ({ body: `<${event.httpMethod}>` });\n";
  const rehearsed = await RehearsedShop.of(one(api, code));
  const socket = connect(rehearsed.port, "127.0.0.1");
  const request = (method: string, connection: string) =>
    `${method} /dev/ HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`;
  socket.write(request("HEAD", "keep-alive") + request("GET", "close"));
  const answers = await text(socket);
  expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  expect(answers.match(/<.*?>/g)).toEqual(["<GET>"]);
});

test("a function that takes longer than the integration waits is a 504", async () => {
  const code = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 2000));\n";
  const rehearsed = await RehearsedShop.of(one({ routes: [{ path: "/", timeoutSeconds: 0.2 }] }, code));
  const response = await rehearsed.fetch("/dev/");
  expect([response.status, await response.json()]).toEqual([504, { message: "Endpoint request timed out" }]);
});

describe("what an answer or a request has that cannot be sent on", () => {
  test.each([
    ["{ headers: { 'x-a': 'line\\nbreak' } }", 'header "x-a" cannot be sent'],
    ["{ headers: { 'x-a': '\u20ac' } }", 'header "x-a" cannot be sent'],
    ["{ headers: { 'bad header': 'x' } }", 'header "bad header" cannot be sent'],
    ["{ statusCode: 101 }", "statusCode is 101"],
    ["{ multiValueHeaders: { x: [null] } }", "headers are not text by name"],
  ])("%s is a 502 with a reason", async (answer, reason) => {
    const rehearsed = await RehearsedShop.of(
      one(undefined, `export const handler = async () => (${answer});\n`),
    );
    expect((await rehearsed.fetch("/dev/")).status).toBe(502);
    expect(rehearsed.lastReason).toContain(reason);
  });

  test("headers of the connection are the rehearsal's own", async () => {
    const code =
      "export const handler = async () => ({ headers: { 'transfer-encoding': 'chunked', 'content-length': '1', connection: 'close' }, body: 'whole' });\n";
    const rehearsed = await RehearsedShop.of(one(undefined, code));
    expect(await (await rehearsed.fetch("/dev/")).text()).toBe("whole");
  });

  test("names that objects have of themselves are header names like others", async () => {
    const code =
      "export const handler = async (event: any) => ({ body: event.headers.constructor, multiValueHeaders: { constructor: ['x'] } });\n";
    const rehearsed = await RehearsedShop.of(one(undefined, code));
    const response = await rehearsed.fetch("/dev/", { headers: { constructor: "mine" } });
    expect([await response.text(), response.headers.get("constructor")]).toEqual(["mine", "x"]);
  });

  test("a request for a whole address is one for its path", async () => {
    const rehearsed = await RehearsedShop.of(one(undefined, echo));
    const socket = connect(rehearsed.port, "127.0.0.1");
    socket.write("GET http://example.com/dev/ HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");
    const [first] = await once(socket, "data");
    socket.destroy();
    expect(String(first)).toMatch(/^HTTP\/1.1 200 OK/);
  });
});

test("a throttled stage admits again what its rate allows", async () => {
  const stage = { throttling: { rateLimit: 10, burstLimit: 1 } };
  const api = { routes: [{ path: "/" }], cors: { allowOrigin: "*" } };
  const rehearsed = await RehearsedShop.of(one(api, echo, { stage }));
  // No function answers, whose first start may take as long as the next token does.
  const status = async () => (await rehearsed.fetch("/dev/", { method: "OPTIONS" })).status;
  const statuses = [await status(), await status()];
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect([...statuses, await status()]).toEqual([204, 429, 204]);
});

test("the permission is asked for the route, not for the path that a caller fills in", async () => {
  const rehearsed = await RehearsedShop.of(one({ routes: [{ path: "/{proxy+}" }] }, echo));
  expect((await rehearsed.fetch("/dev/a?b=*")).status).toBe(200);
});

test("requests above the stage's burst are throttled", async () => {
  const stage = { throttling: { rateLimit: 1, burstLimit: 3 } };
  const rehearsed = await RehearsedShop.of(one(undefined, echo, { stage }));
  const statuses = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => (await rehearsed.fetch("/dev/")).status),
  );
  expect(statuses.sort()).toEqual([200, 200, 200, 429, 429]);
});

test("a route may have a limit of its own, which stable and canary share", async () => {
  const api = { routes: [{ path: "/" }, { path: "/offers/{id}" }] };
  const limit = { rateLimit: 0, burstLimit: 3 };
  const fingerprint = fingerprintOf(api);
  const files = shop({
    api,
    versions: { v1: { fingerprint }, v2: { fingerprint } },
    canary: { version: "v2", percent: 50 },
    stage: { routeThrottling: { "GET /offers/{id}": limit, "GET /": { ...limit, burstLimit: 1 } } },
  });
  const rehearsed = await RehearsedShop.of(files);
  const statuses = async (path: string) => {
    const all = [];
    for (let sent = 0; sent < 5; sent++) all.push((await rehearsed.fetch(path)).status);
    return all;
  };
  expect(await statuses("/dev/offers/7")).toEqual([200, 200, 200, 429, 429]);
  expect(rehearsed.lastReason).toBe("GET /offers/{id} is throttled");
  expect(await statuses("/dev/")).toEqual([200, 429, 429, 429, 429]);
});

test("a connection that ends early takes nothing down", async () => {
  const rehearsed = await RehearsedShop.of(one(undefined, echo));
  const controller = new AbortController();
  const aborted = rehearsed.fetch("/dev/", { signal: controller.signal }).catch(() => "aborted");
  controller.abort();
  expect(await aborted).toBe("aborted");
  expect((await rehearsed.fetch("/dev/")).status).toBe(200);
});

test("a port that is taken is an error that names it", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const { port } = blocker.address() as { port: number };
  const { rehearsal } = await RehearsedShop.of(one(undefined, echo));
  await rehearsal.close();
  await expect(rehearsal.listen(port)).rejects.toThrow(`address already in use 127.0.0.1:${port}`);
  blocker.close();
});
