import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { Call, Reply } from "./invocation";

/**
 * Runs in a worker: loads a handler and calls it, as Lambda's Node runtime does. It is bundled and started
 * as text, and imports nothing of the project at run time.
 */

const { folder, handler } = workerData as { folder: string; handler: string };
const port = parentPort as NonNullable<typeof parentPort>;
const send = (reply: Reply) => port.postMessage(reply);

// A worker shares the process: a handler may end itself, not the rehearsal.
process.kill = ((pid: number) => {
  if (pid === process.pid) process.exit(1);
  throw new Error("a rehearsed handler may not signal other processes");
}) as typeof process.kill;

type Callback = (error: unknown, answer?: unknown) => void;
type Handler = (event: unknown, context: object, callback: Callback) => unknown;

function load(): Handler {
  const dot = handler.lastIndexOf(".");
  const loaded = require(join(folder, handler.slice(0, dot)))[handler.slice(dot + 1)];
  if (typeof loaded !== "function") throw new Error(`${handler} is undefined or not exported`);
  return loaded;
}

function invoke(handle: Handler, { event, context }: Call): Promise<unknown> {
  const { deadlineMs, ...rest } = context;
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, answer) => (error ? reject(error) : resolve(answer));
    const full = {
      ...rest,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
      done: callback,
      fail: reject,
      succeed: resolve,
    };
    const returned = handle(JSON.parse(event), full, callback);
    if (returned instanceof Promise) returned.then(resolve, reject);
    // With fewer than three parameters there is no callback to wait for.
    else if (handle.length < 3) resolve(returned);
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.stack ?? `${error.name}: ${error.message}`;
}

try {
  const handle = load();
  port.on("message", (call: Call) => {
    new Promise((resolve) => resolve(invoke(handle, call))).then(
      (answer) => {
        const externalBytes = process.memoryUsage().arrayBuffers;
        send({ type: "answer", answer: JSON.stringify(answer) ?? "null", externalBytes });
      },
      (error) => send({ type: "error", error: describe(error) }),
    );
  });
  send({ type: "ready" });
} catch (error) {
  send({ type: "error", error: describe(error) });
}
