import { request } from "node:http";
import { html } from "../../src/dashboard/html";
import { PageServer } from "../../src/dashboard/page-server";

let percent = 10;
const server = new PageServer({
  page: () => ({
    title: "a page",
    header: html`<h1>shop</h1>`,
    parts: [
      { id: "one", body: html`<h2 id="one-title">one</h2>${percent} %`, said: `v2 has ${percent} %` },
      { id: "two", body: html`<h2 id="two-title">two</h2>` },
    ],
  }),
  setPercent: (given) => {
    if (given !== 25) return { isDone: false, message: `refused: ${given}` };
    percent = given;
    return { isDone: true, message: "wrote it" };
  },
});
let address = "";

beforeAll(async () => {
  address = await server.listen();
});
afterAll(() => server.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with headers that a browser would not let a page set. */
function ask({ method = "GET", path = "/", headers = {}, body }: Asked) {
  return new Promise<{ status?: number; text: string; headers: Readonly<Record<string, unknown>> }>(
    (resolve, reject) => {
      const sent = request(`${address}${path}`, { method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, text, headers: response.headers }));
      });
      sent.on("error", reject);
      sent.end(body);
    },
  );
}

const token = async () => /name="token" content="(\w+)"/.exec((await ask({})).text)?.[1] ?? "";

async function set(given: unknown, headers: Readonly<Record<string, string>> = {}) {
  const own = { "content-type": "application/json", origin: address, "x-token": await token() };
  const body = typeof given === "string" ? given : JSON.stringify({ percent: given });
  const { status, text } = await ask({
    method: "POST",
    path: "/percent",
    headers: { ...own, ...headers },
    body,
  });
  return { status, ...JSON.parse(text) };
}

const refused = { status: 403, message: "only this page may ask here" };

describe("a change", () => {
  beforeEach(() => {
    percent = 10;
  });

  test("is done for the page itself, and a refusal is told", async () => {
    expect(await set(25)).toEqual({ status: 200, message: "wrote it" });
    expect(percent).toBe(25);
    expect(await set(60)).toEqual({ status: 409, message: "refused: 60" });
  });

  test.each([
    ["another origin", { origin: "http://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another token", { "x-token": "0".repeat(32) }],
    ["no token", { "x-token": "" }],
    // Two bytes each, which the server reads as two letters.
    ["a token of other letters", { "x-token": "é".repeat(16) }],
  ])("is refused to %s", async (_, headers) => {
    expect(await set(25, headers)).toEqual(refused);
    expect(percent).toBe(10);
  });

  test("is refused to a program that says no origin", async () => {
    const headers = { "x-token": await token() };
    const { status } = await ask({ method: "POST", path: "/percent", headers, body: '{"percent":25}' });
    expect([status, percent]).toEqual([403, 10]);
  });

  test("is refused where a name of another page leads here", async () => {
    const { status, text } = await ask({ headers: { host: "evil.example" } });
    expect([status, text]).toEqual([403, expect.stringContaining("Host must be 127.0.0.1")]);
  });

  test.each(["", "{", "25", "x".repeat(2000)])("must be JSON: %.10s", async (body) => {
    expect(await set(body)).toEqual({
      status: 400,
      message: "the request must be JSON with 'percent' and 'skip'",
    });
  });
});

test("no other page may show it in a frame or read it", async () => {
  const { headers } = await ask({});
  expect(headers).toMatchObject({
    "content-security-policy": expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
  expect((await ask({ path: "/events", headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
  expect(await ask({ path: "/etc/passwd" })).toMatchObject({ status: 404 });
});

test("who watches gets what has changed, and what to say of it", async () => {
  percent = 10;
  const controller = new AbortController();
  const { body } = await fetch(`${address}/events`, { signal: controller.signal });
  const reader = body?.getReader();
  const next = async () => {
    const text = new TextDecoder().decode((await reader?.read())?.value);
    return JSON.parse(text.replace(/^data: /, ""));
  };
  expect((await next()).parts.map(({ id }: { id: string }) => id)).toEqual(["header", "one", "two"]);
  server.update();
  percent = 50;
  server.update();
  expect(await next()).toEqual({
    parts: [{ id: "one", html: '<h2 id="one-title">one</h2>50 %' }],
    said: "v2 has 50 %",
    isOther: false,
  });
  controller.abort();
});
