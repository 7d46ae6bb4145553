import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createProject, handler, problemsOf, shop } from "../support/project";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

const api = { routes: [{ path: "/items/{id}" }, { path: "/items", method: "POST" }, { path: "/slow" }] };

let server: Server;
let url = "";
let received: string[] = [];
let refused = 0;

/** `/blue/items/...` answers, every third time with an error where the id is 3; `/blue/slow` takes 60 ms. */
beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = `${request.method} ${request.url} ${request.headers["content-type"] ?? "-"} ${Buffer.concat(chunks)}`;
    received.push([call.trim(), ...shownHeaders(request)].join(" "));
    if (refused-- > 0) return response.writeHead(403).end('{"message":"Forbidden"}');
    if (request.url === "/blue/slow") await new Promise((resolve) => setTimeout(resolve, 60));
    const isBroken = request.url === "/blue/items/3" && received.length % 3 === 0;
    response.writeHead(isBroken ? 502 : 200).end(isBroken ? "broken\n\u001b[31m" : `{"item":"tea"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/blue`;
});
beforeEach(() => {
  received = [];
  refused = 0;
});
afterAll(() => server.close());

/** Those that tests send. */
function shownHeaders({ headers }: IncomingMessage): string[] {
  return ["authorization", "x-tenant"].flatMap((name) => (headers[name] ? [`${name}=${headers[name]}`] : []));
}

function check(requests: readonly object[] | undefined, ...options: string[]) {
  const project = createProject(shopWith(requests));
  return release(project, ["check-requests", "dev/shop", "--url", url, ...options]);
}

function shopWith(requests: readonly object[] | undefined) {
  const versions = { v1: { fingerprint: "" } };
  const draft = shop({ api, versions, requests }, { "lambdas/shop/v1/shop.ts": handler("v1") });
  // The fingerprint of the definition is what the file's problem tells.
  const [line = ""] = problemsOf(shop({ api, versions: ["v1"] })).filter((one) =>
    one.includes("fingerprint"),
  );
  versions.v1.fingerprint = /[0-9a-f]{16}/.exec(line)?.[0] ?? "";
  return draft;
}

test("requests that are answered as expected end with exit code 0 and a table", async () => {
  const { exitCode, stdout } = await check([
    { path: "/items/7?full=true", count: 3, expect: { bodyContains: "tea", p95Ms: 5000 } },
    { method: "POST", path: "/items", body: '{"a":1}', count: 1 },
  ]);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("Every request was answered as expected.")]);
  expect(stdout).toMatch(/^GET \/items\/7\?full=true +3 +3 .* 5000 ms +as expected$/m);
  // One more at first: whether the stage is served at all.
  expect(received).toEqual([
    ...Array.from({ length: 4 }, () => "GET /blue/items/7?full=true -"),
    'POST /blue/items application/json {"a":1}',
  ]);
});

test("headers name environment variables, --header goes before them, and a body comes from a file", async () => {
  const headers = { authorization: "Bearer $SHOP_TOKEN", "x-tenant": "a", "content-type": "text/plain" };
  const project = createProject({
    ...shopWith([{ method: "POST", path: "/items", bodyFile: "requests/tea.txt", headers, count: 1 }]),
    "requests/tea.txt": "two cups",
  });
  const send = (...options: string[]) =>
    release(project, ["check-requests", "dev/shop", "--url", url, ...options], {
      variables: { SHOP_TOKEN: "abc" },
    });
  expect((await send()).exitCode).toBe(0);
  expect(received[0]).toBe("POST /blue/items text/plain two cups authorization=Bearer abc x-tenant=a");
  received = [];
  expect((await send("--header", "X-Tenant: b")).exitCode).toBe(0);
  expect(received[0]).toContain("x-tenant=b");
});

test.each<[object, string]>([
  [
    { headers: { authorization: "Bearer $NOT_SET_HERE" } },
    `'requests[0].headers.authorization' must name environment variables that are set, and NOT_SET_HERE is not, got "Bearer $NOT_SET_HERE"`,
  ],
  [
    { bodyFile: "nowhere.json", method: "POST", path: "/items" },
    `'requests[0].bodyFile' must be a file of the project that can be read (ENOENT), got "nowhere.json"`,
  ],
])("what %j names must be there: nothing is sent", async (request, line) => {
  const { exitCode, stderr } = await check([{ path: "/items/7", ...request }]);
  expect([exitCode, stderr, received]).toEqual([2, expect.stringContaining(line), []]);
});

test.each<[object, string]>([
  [
    { path: "/items/7", headers: { Authorization: "Bearer abc" } },
    "'requests[0].headers.Authorization' must name an environment variable, such as $TOKEN, because the file is no place for a secret",
  ],
  [
    { path: "/items", method: "POST", body: "{}", bodyFile: "a.json" },
    "'requests[0].bodyFile' must not be given with 'body'",
  ],
  [
    { path: "/items", method: "POST", bodyFile: "../a.json" },
    `'requests[0].bodyFile' must be a path within the project, such as requests/order.json, got "../a.json"`,
  ],
  [
    { path: "/items/7", bodyFile: "a.json" },
    "'requests[0].bodyFile' must not be given for GET, which has no body",
  ],
  [
    { path: "/items/7", headers: { "x y": "a" } },
    `'requests[0].headers.x y' must be the name of a header, got "x y"`,
  ],
])("a request %j is refused with one line", (request, line) => {
  expect(problemsOf(shopWith([request])).map((one) => one.replace(/^\S+ /, ""))).toEqual([line]);
});

test("a stage that is not served yet is waited for", async () => {
  refused = 2;
  const { exitCode } = await check([{ path: "/items/7", count: 5 }]);
  expect([exitCode, received.length]).toEqual([0, 2 + 1 + 5]);
});

test.each<[string, object, string]>([
  [
    "a status",
    { path: "/items/3", count: 9 },
    "GET /items/3: 3 of 9 were not answered with 200; the first: 502 broken [31m",
  ],
  [
    "a body",
    { path: "/items/7", count: 2, expect: { bodyContains: "coffee" } },
    'GET /items/7: 2 of 2 did not contain "coffee"; the first: 200 {"item":"tea"}',
  ],
  ["a time", { path: "/slow", count: 3, expect: { p95Ms: 20 } }, "ms, and 20 ms are allowed"],
])("%s that is not as expected is told with an answer, and the exit code is 1", async (_, request, line) => {
  const { exitCode, stdout } = await check([request], "--wait", "0");
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining(line)]);
  expect(stdout).toContain("NOT AS EXPECTED");
});

test("an endpoint that is not there is an answer that did not come", async () => {
  const { exitCode, stdout } = await check(
    [{ path: "/slow", count: 1 }],
    "--wait",
    "0",
    "--url",
    "http://127.0.0.1:1",
  );
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining("the first: no answer")]);
});

test("a release that declares no requests cannot be checked", async () => {
  const { exitCode, stderr } = await check(undefined);
  expect([exitCode, stderr]).toEqual([2, "error: releases/dev/shop.json declares no 'requests' to check\n"]);
});

test.each<[object, string]>([
  [{ path: "items" }, "'requests[0].path' must be a path such as /users/7?full=true"],
  [
    { path: "/other" },
    "'requests[0].path' must be answered by a route (GET /items/{id}, POST /items, GET /slow), got",
  ],
  [{ path: "/items/7/8" }, "'requests[0].path' must be answered by a route"],
  [{ path: "/slow", method: "DELETE" }, "'requests[0].path' must be answered by a route"],
  [{ path: "/slow", body: "{}" }, "'requests[0].body' must not be given for GET, which has no body"],
  [
    { path: "/slow", method: "HEAD", body: "{}" },
    "'requests[0].body' must not be given for HEAD, which has no body",
  ],
  [
    { path: "/slow", count: 0 },
    "'requests[0].count' must be a whole number between 1 and 10000 times, got 0",
  ],
  [
    { path: "/slow", expect: { p95Ms: 0 } },
    "'requests[0].expect.p95Ms' must be a whole number between 1 and 30000 ms",
  ],
  [
    { path: "/slow", expect: { status: 99 } },
    "'requests[0].expect.status' must be a whole number between 200 and 599",
  ],
])("%j is refused", (request, line) => {
  expect(problemsOf(shopWith([request])).join("\n")).toContain(line);
});
