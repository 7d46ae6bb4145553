import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FunctionPool } from "../../src/rehearsal/lambda/function-pool";
import type { Outcome } from "../../src/rehearsal/lambda/invocation";
import { describePython } from "../support/python";

const pools: FunctionPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close(true);
});

/** A function whose handler writes down each call that it begins, and then does what the event says. */
class CalledFunction {
  readonly folder = mkdtempSync(join(tmpdir(), "function-pool-"));
  readonly pool: FunctionPool;

  constructor(file: "shop.js" | "shop.py", code: string) {
    writeFileSync(join(this.folder, file), code);
    const lambda = {
      version: "$LATEST",
      functionName: "shop",
      region: "eu-central-1",
      runtime: file === "shop.js" ? "nodejs22.x" : "python3.12",
      handler: "shop.handler",
      memoryMb: 128,
      timeoutSeconds: 1,
      environment: {},
    };
    this.pool = new FunctionPool(lambda, this.folder, () => {});
    pools.push(this.pool);
  }

  /** Calls it with each event, all in one turn. */
  call(...events: object[]): Promise<Outcome[]> {
    return Promise.all(events.map((event) => this.pool.invoke(JSON.stringify(event), "arn")));
  }

  /** Until it has done enough calls that its executor is known to be quick. */
  async warm(): Promise<this> {
    for (let index = 0; index < 100; index++) await this.call({ id: "warm" });
    return this;
  }

  /** The calls that were begun. */
  get begun(): string[] {
    const lines = readFileSync(join(this.folder, "begun.txt"), "utf8").trim().split("\n");
    return lines.filter((id) => id !== "warm");
  }
}

const quick = `
const { appendFileSync } = require("node:fs");
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
let turns = 0;
exports.handler = async ({ id, harm, sleepMs, awaitMs }, context) => {
  appendFileSync("begun.txt", id + "\\n");
  const leftMs = context.getRemainingTimeInMillis();
  if (sleepMs) sleep(sleepMs);
  if (awaitMs) await new Promise((done) => setTimeout(done, awaitMs));
  if (harm) await eval(harm);
  setImmediate(() => turns++);
  return { id, pid: process.pid, leftMs, turns };
};
`;
const slow = `
exports.handler = async () => {
  await new Promise((done) => setTimeout(done, 50));
  return { pid: process.pid };
};
`;

const field = (name: string) => (outcome: Outcome) =>
  outcome.ok ? (outcome.answer as Record<string, unknown>)[name] : outcome.error;
const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
const others = ids.slice(1).map((id) => ({ id }));

describe("a function whose calls are quick", () => {
  test("has them done by one executor, in their order, several in one turn", async () => {
    const called = await new CalledFunction("shop.js", quick).warm();
    const outcomes = await called.call({ id: "a", sleepMs: 100 }, ...others);
    expect(outcomes.map(field("id"))).toEqual(ids);
    expect(called.begun).toEqual(ids);
    expect(new Set(outcomes.map(field("pid"))).size).toBe(1);
    expect(new Set(outcomes.map(field("turns"))).size).toBeLessThan(ids.length);
  });

  test.each([
    ["comes with one that waits for something", { awaitMs: 900 }, 0],
    ["comes after one that works long", { sleepMs: 900 }, 50],
  ])("has none wait that %s", async (_, long, afterMs) => {
    const called = await new CalledFunction("shop.js", quick).warm();
    const slowest = called.call({ id: "a", ...long });
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    const first = await Promise.race([slowest, called.call(...others)]);
    expect(first.map(field("id"))).toEqual(ids.slice(1));
    expect((await slowest).map(field("id"))).toEqual(["a"]);
    expect(called.begun.sort()).toEqual(ids);
  });

  test("has the time of each call run from when it begins", async () => {
    const called = await new CalledFunction("shop.js", quick).warm();
    const outcomes = await called.call(...["a", "b", "c"].map((id) => ({ id, sleepMs: 600 })));
    expect(outcomes.map(field("id"))).toEqual(["a", "b", "c"]);
    for (const leftMs of outcomes.map(field("leftMs"))) expect(leftMs).toBeGreaterThan(900);
  });

  test.each([
    ["ends its process", "process.exit(3)", "Runtime exited with code 3"],
    ["kills its process", "process.kill(process.pid, 'SIGKILL'); sleep(1000)", "Runtime exited with SIGKILL"],
    ["loops for ever", "while (true);", "Task timed out after 1.00 seconds"],
    ["writes to the runtime's channel", "require('node:fs').writeSync(4, 'x\\n'); while (true);", /channel/],
    ["fails later", "setTimeout(() => { throw new Error('late'); }); new Promise(() => {})", /late/],
  ])("has one that %s harm none behind it", async (_, harm, error) => {
    const called = await new CalledFunction("shop.js", quick).warm();
    const [harmful, ...behind] = await called.call({ id: "a", harm }, ...others);
    expect(harmful).toEqual({
      ok: false,
      error: expect.stringMatching(error),
      tookMs: expect.any(Number),
    });
    expect(behind.map(field("id"))).toEqual(ids.slice(1));
    expect(called.begun.sort()).toEqual(ids);
  });

  test("has its calls finished when it is closed, and then no executor", async () => {
    const called = await new CalledFunction("shop.js", quick).warm();
    const calls = called.call({ id: "a", sleepMs: 100 }, ...others);
    called.pool.close();
    const outcomes = await calls;
    expect(outcomes.map(field("id"))).toEqual(ids);
    await expectEnd(Number(outcomes.map(field("pid"))[0]));
  });
});

test("a function whose calls wait has each given to an executor of its own", async () => {
  const called = new CalledFunction("shop.js", slow);
  const pids = async () => (await called.call({}, {})).map(field("pid"));
  // Until there are two executors.
  for (let pair = await pids(); pair[0] === pair[1]; ) pair = await pids();
  for (let round = 0; round < 5; round++) {
    const [one, other] = await pids();
    expect(one).not.toBe(other);
  }
});

describePython("a Python function whose calls are quick", () => {
  test("has one that ends its process harm none behind it", async () => {
    const called = await new CalledFunction(
      "shop.py",
      "import os\n\ndef handler(event, context):\n" +
        "    with open('begun.txt', 'a') as begun: print(event['id'], file=begun)\n" +
        "    if 'harm' in event: os._exit(3)\n" +
        "    return {'id': event['id']}\n",
    ).warm();
    const [first, harmful, ...behind] = await called.call(
      { id: "a" },
      { id: "b", harm: true },
      ...others.slice(1),
    );
    expect([first, harmful]).toEqual([
      { ok: true, answer: { id: "a" }, bytes: expect.any(Number), tookMs: expect.any(Number) },
      { ok: false, error: "Runtime exited with code 3", tookMs: expect.any(Number) },
    ]);
    expect(behind.map(field("id"))).toEqual(ids.slice(2));
    expect(called.begun.sort()).toEqual(ids);
  });
});

async function expectEnd(pid: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`process ${pid} goes on`);
}
