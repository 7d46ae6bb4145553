import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FunctionPool } from "../../src/rehearsal/lambda/function-pool";
import { projectFolder } from "../support/command";
import { RehearsedShop } from "../support/rehearse";
import { type Files, fingerprintOf, shop, shopOfOne } from "../support/shop";

const streamed = (route: object = {}) => ({ routes: [{ path: "/", stream: true, ...route }] });

/** A handler that streams, with this body: it has `event`, `stream`, `metadata` and `from(metadata)`. */
const streaming = (body: string) => `
  import { existsSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  const from = awslambda.HttpResponseStream.from;
  const metadata = { statusCode: 201, headers: { "Content-Type": "text/plain" } };
  export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
    ${body}
  });
`;
const rehearse = (code: string, api: object = streamed(), release: object = {}) =>
  RehearsedShop.of(shopOfOne(api, code, release));

/** What a caller got of an answer, and whether it was whole. */
async function received(response: Response) {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      text += decoder.decode(chunk, { stream: true });
    return { text, isWhole: true };
  } catch {
    return { text, isWhole: false };
  }
}

/** The record of the last request, which is there once its answer has ended. */
async function lastReason(rehearsed: RehearsedShop): Promise<string | undefined> {
  for (let tries = 0; rehearsed.records.length === 0 && tries < 200; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return rehearsed.lastReason;
}

test("what the handler writes reaches the caller before the handler ends", async () => {
  const go = join(mkdtempSync(join(tmpdir(), "streaming-")), "go");
  const rehearsed = await rehearse(
    streaming(`
      const body = from(stream, metadata);
      body.write("first ");
      while (!existsSync(event.queryStringParameters.go)) await sleep(5);
      body.write("second");
      body.end();
    `),
  );
  const response = await rehearsed.fetch(`/dev/?go=${encodeURIComponent(go)}`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  expect([response.status, Buffer.from(value ?? []).toString()]).toEqual([201, "first "]);
  expect([existsSync(go), rehearsed.records]).toEqual([false, []]);
  writeFileSync(go, "");
  const rest = await reader.read();
  expect(Buffer.from(rest.value ?? []).toString()).toBe("second");
  expect((await reader.read()).done).toBe(true);
  expect(rehearsed.records).toMatchObject([{ status: 201, functionName: "shop-dev-v1" }]);
  expect(rehearsed.lastReason).toBeUndefined();
});

test("status, headers and cookies are those of the metadata, and bytes stay bytes", async () => {
  const rehearsed = await rehearse(
    streaming(`
      const body = from(stream, {
        statusCode: 202,
        headers: { "Content-Type": "image/png", Date: "now" },
        multiValueHeaders: { "X-Many": ["a", "b"] },
        cookies: ["one=1", "two=2"],
      });
      body.write(Buffer.from([0, 255, 10, 0, 0, 0, 0, 0, 0, 0, 0, 7]));
      body.end();
    `),
  );
  const response = await rehearsed.fetch("/dev/");
  const { status, headers } = response;
  expect([status, headers.get("content-type"), headers.get("x-many")]).toEqual([202, "image/png", "a, b"]);
  expect(headers.getSetCookie()).toEqual(["one=1", "two=2"]);
  expect([headers.get("x-amzn-remapped-date"), headers.get("content-length")]).toEqual(["now", null]);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 10, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
});

test("an error in the middle of an answer ends the connection, and the rehearsal says why", async () => {
  const rehearsed = await rehearse(
    streaming(`
      from(stream, metadata).write("begun");
      await sleep(50);
      throw new Error("sold out");
    `),
  );
  expect(await received(await rehearsed.fetch("/dev/"))).toEqual({ text: "begun", isWhole: false });
  expect(await lastReason(rehearsed)).toMatch(/^shop-dev-v1: the answer broke off: Error: sold out/);
  // The next call is answered by the same rehearsal.
  expect((await rehearsed.fetch("/dev/")).status).toBe(201);
});

test("an answer that takes longer than the function or the integration may is cut off", async () => {
  const body = `
    from(stream, metadata).write("begun");
    if (event.queryStringParameters === null) stream.end();
    else await sleep(60_000);
  `;
  const byIntegration = await rehearse(streaming(body), streamed({ timeoutSeconds: 1 }));
  // Its process takes a moment to start.
  await byIntegration.fetch("/dev/");
  expect(await received(await byIntegration.fetch("/dev/?hang=1"))).toEqual({
    text: "begun",
    isWhole: false,
  });
  expect(await lastReason(byIntegration)).toMatch(/broke off: took longer than the integration's 1000 ms$/);
  const byFunction = await rehearse(streaming(body), streamed(), { settings: { timeoutSeconds: 1 } });
  expect(await received(await byFunction.fetch("/dev/?hang=1"))).toEqual({ text: "begun", isWhole: false });
  expect(await lastReason(byFunction)).toMatch(/broke off: Task timed out after 1.00 seconds$/);
});

const plain = "export const handler = async () => ({ statusCode: 200, body: 'whole' });";

test.each<[string, string, number, string]>([
  ["does not stream", plain, 500, 'does not begin with metadata and 8 NUL bytes: "{\\"statusCode'],
  [
    "writes no metadata",
    streaming('stream.write("text"); stream.end();'),
    500,
    "does not begin with metadata",
  ],
  ["gives its text to end() alone", streaming('from(stream, metadata).end("text");'), 500, "does not begin"],
  [
    "has no metadata in 16 KB",
    streaming('stream.write("x".repeat(20000)); stream.end();'),
    500,
    "first 16 KB",
  ],
  [
    "has metadata of no such status",
    streaming('from(stream, { statusCode: 999 }).write("x"); stream.end();'),
    500,
    "statusCode is 999",
  ],
  [
    "has another field in its metadata",
    streaming('from(stream, { body: "x" }).write("x"); stream.end();'),
    500,
    "has 'body'",
  ],
  ["fails before it writes", streaming('throw new Error("sold out");'), 502, "Error: sold out"],
  [
    "is not async",
    "export const handler = awslambda.streamifyResponse((event, stream) => stream.end('x'));",
    502,
    "does not support non-async handlers",
  ],
])(
  "a handler behind a streamed route that %s gets an error of API Gateway",
  async (_, code, status, reason) => {
    const rehearsed = await rehearse(code);
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.json()]).toEqual([status, { message: "Internal server error" }]);
    expect(rehearsed.lastReason).toContain(reason);
  },
);

test("a handler that has written nothing in time is a 504", async () => {
  const rehearsed = await rehearse(streaming("await sleep(60_000);"), streamed({ timeoutSeconds: 0.3 }));
  const response = await rehearsed.fetch("/dev/");
  expect([response.status, await response.json()]).toEqual([504, { message: "Endpoint request timed out" }]);
});

test("behind a route that does not stream, the whole stream is the answer", async () => {
  const api = { routes: [{ path: "/" }] };
  const inProxyFormat =
    'stream.write(\'{"statusCode": 203, \'); stream.write(\'"body": "whole"}\'); stream.end();';
  const rehearsed = await rehearse(streaming(inProxyFormat), api);
  const response = await rehearsed.fetch("/dev/");
  expect([response.status, await response.text()]).toEqual([203, "whole"]);
  const withMetadata = await rehearse(streaming('from(stream, metadata).write("text"); stream.end();'), api);
  expect((await withMetadata.fetch("/dev/")).status).toBe(502);
  expect(withMetadata.lastReason).toContain("it streams its answer, and the route does not");
});

test("each version streams its own answer while the traffic is split", async () => {
  const api = streamed();
  const fingerprint = fingerprintOf(api);
  const version = (text: string) => streaming(`from(stream, metadata).write("${text}"); stream.end();`);
  const files = shop(
    {
      api,
      versions: { v1: { fingerprint }, v2: { fingerprint } },
      canary: { version: "v2", percent: 50 },
    },
    { "lambdas/shop/v1/shop.ts": version("one"), "lambdas/shop/v2/shop.ts": version("two") },
  );
  const rehearsed = await RehearsedShop.of(files);
  const { one = 0, two = 0, ...others } = await rehearsed.count("/dev/", 40);
  expect(others).toEqual({});
  expect(Math.min(one, two)).toBeGreaterThan(5);
});

test.each(["weighted-alias", "alias-canary-stage", "blue-green-stage", "codedeploy-alias"])(
  "%s streams through its alias",
  async (strategy) => {
    const fingerprint = fingerprintOf(streamed());
    const code = streaming('from(stream, metadata).write("streamed"); stream.end();');
    const release = { strategy, api: streamed(), versions: { 1: { fingerprint } }, stable: 1 };
    const { "lambdas/shop/v1/shop.ts": _, "lambdas/shop/v2/shop.ts": __, ...files } = shop(release);
    const rehearsed = await RehearsedShop.of({ ...files, "lambdas/shop/shop.ts": code } as Files);
    const [stage] = rehearsed.rehearsal.api.stages;
    const response = await rehearsed.fetch(`/${stage?.name}/`);
    expect([response.status, await response.text()]).toEqual([201, "streamed"]);
  },
);

test("the service that docs/code.md shows streams", async () => {
  const page = readFileSync(join(projectFolder, "docs/code.md"), "utf8");
  const shown = (mark: string) =>
    page.split(`<!-- streamed ${mark} -->\n`)[1]?.split(/```\w+\n|```\n/)[1] ?? "";
  const files = shop(JSON.parse(shown("release")), { "lambdas/shop/v1/shop.ts": shown("handler") });
  const response = await (await RehearsedShop.of(files)).fetch("/dev/story");
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(await response.text()).toBe("data: once\n\ndata: upon\n\ndata: a\n\ndata: time\n\n");
});

/** A program that answers one call by the Runtime API, and streams. */
const bootstrap = `#!/usr/bin/env node
const http = require("node:http");
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const invocation = "/2018-06-01/runtime/invocation/";
http.get({ hostname, port, path: invocation + "next" }, (next) => {
  const chunks = [];
  next.on("data", (chunk) => chunks.push(chunk));
  next.on("end", () => {
    const { fail } = JSON.parse(Buffer.concat(chunks).toString());
    const trailers = ["Lambda-Runtime-Function-Error-Type", "Lambda-Runtime-Function-Error-Body"];
    const answer = http.request({
      hostname,
      port,
      method: "POST",
      path: invocation + next.headers["lambda-runtime-aws-request-id"] + "/response",
      headers: { "Lambda-Runtime-Function-Response-Mode": "streaming", Trailer: trailers },
    });
    answer.write("one ");
    setTimeout(() => {
      answer.write("two");
      const error = Buffer.from(JSON.stringify({ errorMessage: "sold out" })).toString("base64");
      if (fail) answer.addTrailers({ [trailers[0]]: "Sold", [trailers[1]]: error });
      answer.end();
    }, 200);
  });
});
setInterval(() => {}, 1000);
`;

test.each([
  [false, { ok: true, isStream: true }],
  [true, { ok: false, error: "Sold: sold out" }],
])(
  "a program of provided.al2023 streams by the Runtime API; with an error at the end: %p",
  async (fail, ended) => {
    const folder = mkdtempSync(join(tmpdir(), "streaming-"));
    writeFileSync(join(folder, "bootstrap"), bootstrap, { mode: 0o755 });
    const lambda = {
      version: "1",
      functionName: "shop",
      region: "eu-central-1",
      runtime: "provided.al2023",
      handler: "bootstrap",
      memoryMb: 256,
      timeoutSeconds: 10,
      environment: {},
    };
    const pool = new FunctionPool(lambda, folder, () => {});
    const pieces: string[] = [];
    const outcome = await pool.invoke(JSON.stringify({ fail }), "arn", undefined, (chunk) =>
      pieces.push(String(chunk)),
    );
    pool.close(true);
    expect([pieces, outcome]).toEqual([["one ", "two"], expect.objectContaining(ended)]);
  },
);
