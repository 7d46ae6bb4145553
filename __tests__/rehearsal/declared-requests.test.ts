import { copyOfProject } from "../support/command";
import { writeFiles } from "../support/project";
import { release as run } from "../support/release-command";
import { fingerprintOf, shop, shopOfOne } from "../support/shop";

jest.setTimeout(60_000);

const routes = [{ method: "POST", path: "/orders" }, { path: "/orders/{id}" }];
const code = `export const handler = async ({ httpMethod, headers, body, pathParameters }: any) =>
  httpMethod === "POST"
    ? { statusCode: body === '{"item":"tea"}' ? 201 : 400, body: JSON.stringify({ type: headers["Content-Type"] ?? headers["content-type"] }) }
    : { statusCode: headers.authorization === "Bearer secret" ? 200 : 404, body: JSON.stringify(pathParameters) };
`;
const order = { method: "POST", path: "/orders", bodyFile: "requests/order.json", expect: { status: 201 } };

const project = copyOfProject([]);

function shopWith(requests: readonly object[]) {
  writeFiles(project, {
    ...shopOfOne({ routes }, code, requests.length === 0 ? {} : { requests }),
    "requests/order.json": '{"item":"tea"}',
  });
  return (...args: string[]) =>
    run(project, ["rehearse", "dev/shop", "--requests", "20", "--seed", "1", ...args]);
}

test("where no route can be called as it stands, a declared request gets the traffic, and the others are shown", async () => {
  const read = { path: "/orders/7", headers: { authorization: "Bearer $SHOP_TOKEN" } };
  const missing = { path: "/orders/8", expect: { status: 404 } };
  const { exitCode, stdout } = await shopWith([order, missing, read])();
  expect(stdout).toMatch(/^sending +20 requests, POST \/orders$/m);
  expect(stdout).toMatch(/^POST \/orders +v1 +201 /m);
  expect(stdout).toMatch(/^GET \/orders\/8 +v1 +404 /m);
  expect(stdout).toMatch(/^not sent +GET \/orders\/7: SHOP_TOKEN is not set$/m);
  expect(stdout).not.toContain("not called");
  expect(stdout).toContain("No request failed.");
  expect(exitCode).toBe(0);
});

test("the one with 'split' gets the traffic, and an answer that is not expected fails it", async () => {
  const wrong = { path: "/orders/8", split: true, expect: { status: 200 } };
  const { exitCode, stdout } = await shopWith([order, wrong])();
  expect(stdout).toMatch(/^sending +20 requests, GET \/orders\/8$/m);
  expect(stdout).toContain("20 requests failed.");
  expect(stdout).toContain("GET /orders/8 is answered with 404 by v1, and 200 is expected.");
  expect(exitCode).toBe(1);
});

test("a release by its steps is played with it", async () => {
  const api = { routes: [{ method: "POST", path: "/orders" }] };
  const version = { fingerprint: fingerprintOf(api) };
  const release = {
    api,
    versions: { v1: version, v2: version },
    canary: { version: "v2", percent: 10 },
    steps: [{ percent: 10, bakeMinutes: 1 }],
    requests: [{ ...order, split: true }],
  };
  writeFiles(project, {
    ...shop(release, { "lambdas/shop/v1/shop.ts": code, "lambdas/shop/v2/shop.ts": code }),
    "requests/order.json": '{"item":"tea"}',
  });
  const args = ["rehearse", "dev/shop", "--steps", "--rate", "0.2", "--seed", "1", "--json"];
  const { exitCode, stdout } = await run(project, args);
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ result: "released", failed: 0 }),
  ]);
});

test("a body is sent with the path that is named", async () => {
  const { stdout, exitCode } = await shopWith([])("--path", "/orders", "--body", '{"item":"tea"}');
  expect(stdout).toMatch(/^POST \/orders +v1 +201 +\{"type":"application\/json"\}$/m);
  expect(exitCode).toBe(0);
});

test.each([
  [["--method", "POST"], "'--method' needs --path, which names what is requested"],
  [
    ["--path", "/orders", "--body", "x", "--method", "GET"],
    "'--body' must not be given for GET, which has no body",
  ],
  [["--path", "/orders", "--body", "x", "--body-file", "y"], "'--body-file' must not be given with '--body'"],
  [
    ["--path", "/orders", "--body-file", "none.json"],
    `'--body-file' must be a file that can be read (ENOENT), got "none.json"`,
  ],
])("%j is refused in a line", async (args, message) => {
  const { exitCode, stderr } = await shopWith([])(...args);
  expect([exitCode, stderr]).toEqual([2, `error: ${message}\n`]);
});

test("one request at most is the split's", async () => {
  const { exitCode, stderr } = await shopWith([
    { ...order, split: true },
    { path: "/orders/7", split: true },
  ])();
  expect(exitCode).toBe(2);
  expect(stderr).toContain("'requests[1].split' must be true for one request at most");
});
