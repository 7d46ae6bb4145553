import { createProject, type Files, shop, synthesizeProject, writeFiles } from "../support/project";
import { describePython } from "../support/python";
import { RehearsedShop } from "../support/rehearse";

const node = (code: string, release: object = {}): Files =>
  shop({ versions: ["v1"], ...release }, { "lambdas/shop/v1/shop.ts": code });
const python = (code: string, release: object = {}): Files =>
  shop({ versions: ["v3"], stable: "v3", ...release }, { "lambdas/shop/v3/shop.py": code });

async function answer(files: Files) {
  const rehearsed = await RehearsedShop.of(files);
  const response = await rehearsed.fetch("/dev/");
  return { rehearsed, status: response.status, text: await response.text() };
}

/** Each request's trace reaches the function by a variable, and the caller by a header. */
async function expectTraces(rehearsed: RehearsedShop): Promise<void> {
  const full = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1";
  const given = await rehearsed.fetch("/dev/", { headers: { "x-amzn-trace-id": full } });
  expect(await given.text()).toBe(full);
  const fresh = await rehearsed.fetch("/dev/");
  const told = await fresh.text();
  expect(told).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  expect(fresh.headers.get("x-amzn-trace-id")).toBe(told);
}

const internalError = '{"message": "Internal server error"}';

describe("a Node handler", () => {
  test("has the environment that Lambda gives it and nothing of this machine's", async () => {
    process.env["SECRET_OF_THIS_MACHINE"] = "1";
    process.env["AWS_SECRET_ACCESS_KEY"] = "of who rehearses";
    const code = "export const handler = async () => ({ body: JSON.stringify(process.env) });\n";
    const { text } = await answer(node(code, { settings: { memoryMb: 256, environment: { MODE: "fast" } } }));
    const environment = JSON.parse(text);
    expect(environment).toMatchObject({
      MODE: "fast",
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "rehearsal",
      AWS_SECRET_ACCESS_KEY: "rehearsal",
      AWS_SESSION_TOKEN: "rehearsal",
      AWS_LAMBDA_FUNCTION_NAME: "shop-dev-v1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      _HANDLER: "shop.handler",
      TZ: ":UTC",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^rehearsal\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_XRAY_DAEMON_ADDRESS: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      LAMBDA_RUNTIME_DIR: expect.any(String),
    });
    expect(environment).not.toHaveProperty("SECRET_OF_THIS_MACHINE");
    expect(environment).not.toHaveProperty("HOME");
  });

  test("has the trace of each request, as Lambda tells it", async () => {
    const code = "export const handler = async () => ({ body: process.env._X_AMZN_TRACE_ID });\n";
    const rehearsed = await RehearsedShop.of(node(code));
    await expectTraces(rehearsed);
  });

  test("has the format and level of its logs in its variables", async () => {
    const code =
      "export const handler = async () => ({ body: process.env.AWS_LAMBDA_LOG_FORMAT + ' ' + process.env.AWS_LAMBDA_LOG_LEVEL });\n";
    const logging = { format: "json", applicationLevel: "debug" };
    expect((await answer(node(code))).text).toBe("Text undefined");
    expect((await answer(node(code, { settings: { logging } }))).text).toBe("JSON DEBUG");
  });

  test("without executions answers nobody", async () => {
    const { rehearsed, status } = await answer(
      node("export const handler = async () => ({});\n", { settings: { reservedConcurrency: 0 } }),
    );
    expect(status).toBe(500);
    expect(rehearsed.lastReason).toBe(
      "function shop-dev-v1 has 0 reserved executions: Lambda throttles every invocation",
    );
  });

  test("has a full context", async () => {
    const code =
      "export const handler = async (event: any, context: any) => ({ body: JSON.stringify({ ...context, left: context.getRemainingTimeInMillis() }) });\n";
    const { text } = await answer(node(code));
    const context = JSON.parse(text);
    expect(context).toMatchObject({
      functionName: "shop-dev-v1",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev-v1",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/shop-dev-v1",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
    });
    expect(context.left).toBeGreaterThan(4000);
    expect(context.left).toBeLessThanOrEqual(5000);
  });

  test("may answer by a callback", async () => {
    const code =
      "export const handler = (event: any, context: any, done: any) => { setTimeout(() => done(null, { body: 'later' }), 10); };\n";
    expect((await answer(node(code))).text).toBe("later");
  });

  test("keeps what it has in memory from one call to the next", async () => {
    const code = "let calls = 0;\nexport const handler = async () => ({ body: String(++calls) });\n";
    const rehearsed = await RehearsedShop.of(node(code));
    expect(await rehearsed.count("/dev/", 3)).toEqual({ "1": 1, "2": 1, "3": 1 });
  });

  test("has its log lines told with its name", async () => {
    const code =
      "export const handler = async () => { console.log('one'); console.error('two'); return {}; };\n";
    const { rehearsed } = await answer(node(code));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(rehearsed.logs.sort()).toEqual(["shop-dev-v1: one", "shop-dev-v1: two"]);
  });
});

/** Each ends in a 502, and the next request is served again. */
describe("whatever a handler does, the rehearsal goes on", () => {
  const unless = (harm: string) =>
    `const bytes: unknown[] = [];\nexport const handler = async (event: any) => { if (event.queryStringParameters === null) { ${harm} } return { body: "well" }; };\n`;

  test.each([
    ["throws", "throw new Error('broken');", /shop-dev-v1: Error: broken/],
    ["ends its process", "process.exit(3);", /Runtime exited with code 3/],
    ["kills its process", "process.kill(process.pid, 'SIGKILL');", /Runtime exited with SIGKILL/],
    ["rejects later", "setTimeout(() => { throw new Error('late'); }); await new Promise(() => {});", /late/],
    [
      "writes to the runtime's channel",
      "require('node:fs').writeSync(4, 'null\\ngarbage\\n'); await new Promise(() => {});",
      /runtime's own channel/,
    ],
    [
      "closes its files",
      "for (let fd = 0; fd < 60; fd++) try { require('node:fs').closeSync(fd); } catch {}",
      /Runtime|Task/,
    ],
    [
      "waits for a program",
      "require('node:child_process').execSync('sleep 20');",
      /Task timed out after 1.00 seconds/,
    ],
    ["loops for ever", "while (true);", /Task timed out after 1.00 seconds/],
    ["never answers", "await new Promise(() => {});", /Task timed out after 1.00 seconds/],
  ])("it %s", async (_, harm, reason) => {
    const rehearsed = await RehearsedShop.of(node(unless(harm), { settings: { timeoutSeconds: 1 } }));
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.text()]).toEqual([502, internalError]);
    expect(rehearsed.lastReason).toMatch(reason);
    expect(await (await rehearsed.fetch("/dev/?well")).text()).toBe("well");
  });

  test.each([
    ["the heap", "for (;;) bytes.push(new Array(1e5).fill(0).map(String));"],
    ["the heap at once", "const map = new Map(); for (let i = 0; ; i++) map.set(i, { i });"],
    ["buffers", "for (;;) bytes.push(Buffer.alloc(1e7, 1));"],
  ])("it fills %s", async (_, harm) => {
    const rehearsed = await RehearsedShop.of(node(unless(harm), { settings: { timeoutSeconds: 60 } }));
    expect((await rehearsed.fetch("/dev/")).status).toBe(502);
    expect(rehearsed.lastReason).toBe("shop-dev-v1: Runtime exited: out of memory (128 MB)");
    expect(await (await rehearsed.fetch("/dev/?well")).text()).toBe("well");
  });

  test("it cannot be loaded", async () => {
    // What a CommonJS module exports is known when it runs.
    const { rehearsed, status } = await answer(node("module.exports = Object.assign({}, { other: 1 });\n"));
    expect(status).toBe(502);
    expect(rehearsed.lastReason).toContain("shop.handler is undefined or not exported");
  });

  test("it leaks from call to call", async () => {
    const code =
      "const kept: unknown[] = [];\nexport const handler = async () => { kept.push(Buffer.alloc(5e7, 1)); return { body: String(kept.length) }; };\n";
    const rehearsed = await RehearsedShop.of(node(code));
    const counts = await rehearsed.count("/dev/", 12);
    // It ends when its memory is full, and begins anew.
    expect(counts["1"]).toBeGreaterThan(1);
    expect(counts["12"]).toBeUndefined();
  });
});

describePython("a Python handler", () => {
  test("has the trace of each request, as Lambda tells it", async () => {
    const code =
      "import os\ndef handler(event, context):\n    return {'body': os.environ['_X_AMZN_TRACE_ID']}\n";
    await expectTraces(await RehearsedShop.of(python(code)));
  });

  test("has its environment, context and path", async () => {
    const code =
      "import json, os, helper\n\ndef handler(event, context):\n" +
      "    print('hello')\n" +
      "    return {'statusCode': 200, 'body': json.dumps([helper.x, os.environ['MODE'], context.function_name, context.memory_limit_in_mb, context.get_remaining_time_in_millis() > 4000, event['path']])}\n";
    const files = python(code, { settings: { environment: { MODE: "fast" } } });
    const { rehearsed, text } = await answer({ ...files, "lambdas/shop/v3/helper.py": "x = 1\n" });
    expect(JSON.parse(text)).toEqual([1, "fast", "shop-dev-v3", "128", true, "/"]);
    expect(rehearsed.logs).toEqual(["shop-dev-v3: hello"]);
  });

  test.each([
    ["throws", "raise ValueError('broken')", /ValueError: broken/],
    ["exits", "import sys; sys.exit(1)", /SystemExit/],
    ["kills its process", "import os; os.kill(os.getpid(), 9)", /Runtime exited with SIGKILL/],
    ["loops for ever", "\n        while True: pass", /Task timed out after 1.00 seconds/],
    ["fills its memory", "x = bytearray(10 ** 10)", /MemoryError/],
    ["answers what is not JSON", "return {1, 2}", /not JSON serializable/],
    ["answers NaN", "return {'headers': {'a': float('nan')}}", /not JSON compliant/],
    [
      "writes to the runtime's channel",
      "import os, time; os.write(4, b'garbage\\n'); time.sleep(5)",
      /runtime's own channel/,
    ],
  ])("that %s is a 502, and the next request is served", async (_, harm, reason) => {
    const code = `def handler(event, context):\n    if event['queryStringParameters'] is None:\n        ${harm}\n    return {'body': 'well'}\n`;
    const rehearsed = await RehearsedShop.of(python(code, { settings: { timeoutSeconds: 1 } }));
    const response = await rehearsed.fetch("/dev/");
    expect([response.status, await response.text()]).toEqual([502, internalError]);
    expect(rehearsed.lastReason).toMatch(reason);
    expect(await (await rehearsed.fetch("/dev/?well")).text()).toBe("well");
  });
});

test("a Node handler that is not async answers null, whatever it returns, unless it calls back", async () => {
  const { status, rehearsed } = await answer(node("export const handler = () => ({ body: 'not heard' });\n"));
  expect([status, rehearsed.lastReason]).toEqual([
    502,
    "shop-dev-v1: the function answered null, not an object",
  ]);
  const succeeds =
    "export const handler = (event: any, context: any) => { setTimeout(() => context.succeed({ body: 'heard' }), 5); };\n";
  expect((await answer(node(succeeds))).text).toBe("heard");
});

test("a function that is changed in place answers as it is now", async () => {
  const code = "export const handler = async () => ({ body: String(process.env.MODE) });\n";
  const rehearsed = await RehearsedShop.of(node(code, { settings: { environment: { MODE: "old" } } }));
  expect(await rehearsed.count("/dev/", 2)).toEqual({ old: 2 });
  await rehearsed.apply(node(code, { settings: { environment: { MODE: "new" } } }));
  expect(await rehearsed.count("/dev/", 2)).toEqual({ new: 2 });
});

test("a function keeps the code of its apply when the next synth has written over it", async () => {
  const code = (text: string) =>
    `export const handler = async (event: any) => { if (event.queryStringParameters) process.exit(1); return { body: "${text}" }; };\n`;
  const project = createProject(node(code("applied")));
  const rehearsed = await RehearsedShop.ofProject(project);
  expect(await rehearsed.count("/dev/", 1)).toEqual({ applied: 1 });
  writeFiles(project, node(code("only synthesized")));
  await synthesizeProject(project);
  await rehearsed.fetch("/dev/?end");
  expect(await rehearsed.count("/dev/", 1)).toEqual({ applied: 1 });
});

test("calls run beside each other where they wait", async () => {
  const code =
    "export const handler = async () => { await new Promise((done) => setTimeout(done, 300)); return { body: 'v1' }; };\n";
  const rehearsed = await RehearsedShop.of(node(code));
  const startedAt = Date.now();
  const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await rehearsed.fetch("/dev/")).status));
  expect(statuses).toEqual([200, 200, 200, 200]);
  expect(Date.now() - startedAt).toBeLessThan(4 * 300);
});
