/**
 * Loads a handler and calls it, as Lambda's Node runtime does: `node node-runtime.js <folder> <handler>`.
 *
 * Calls come as lines of JSON on file descriptor 3 and replies go out on 4; standard output is the handler's.
 */
const { writeSync } = require("node:fs");
const { Socket } = require("node:net");
const { join } = require("node:path");

const [, , folder, handler] = process.argv;

function send(reply) {
  let rest = Buffer.from(`${JSON.stringify(reply)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(4, rest));
    } catch (error) {
      // The reader is slower than this: the pipe is full for a moment.
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function load() {
  const dot = handler.lastIndexOf(".");
  const loaded = require(join(folder, handler.slice(0, dot)))[handler.slice(dot + 1)];
  if (typeof loaded !== "function") throw new Error(`${handler} is undefined or not exported`);
  return loaded;
}

/**
 * A handler answers by a promise, by its callback or by the context's functions. What it returns otherwise is
 * not its answer: when nothing is left to do without one, the answer is null.
 */
function invoke(handle, event, { deadlineMs, ...context }) {
  return new Promise((resolve, reject) => {
    const callback = (error, answer) => (error ? reject(error) : resolve(answer));
    const full = {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
      done: callback,
      fail: reject,
      succeed: resolve,
    };
    const returned = handle(event, full, callback);
    if (typeof returned?.then === "function") {
      returned.then(resolve, reject);
      return;
    }
    calls.unref();
    process.once("beforeExit", () => resolve(null));
  });
}

async function answer(handle, { event, context }) {
  calls.ref();
  process.removeAllListeners("beforeExit");
  try {
    send({
      type: "answer",
      answer: JSON.stringify(await invoke(handle, JSON.parse(event), context)) ?? "null",
    });
  } catch (error) {
    send({ type: "error", error: describe(error) });
  } finally {
    calls.ref();
  }
}

function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const calls = new Socket({ fd: 3, readable: true, writable: false });

/** The parent ends a runtime by closing its calls. */
function listen(handle) {
  let text = "";
  calls.setEncoding("utf8");
  calls.on("data", (chunk) => {
    text += chunk;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      answer(handle, JSON.parse(line));
    }
  });
  calls.on("end", () => process.exit());
}

process.on("uncaughtException", (error) => {
  send({ type: "error", error: describe(error), isLast: true });
  process.exit(1);
});

let handle;
try {
  handle = load();
  send({ type: "ready" });
} catch (error) {
  send({ type: "error", error: describe(error), isLast: true });
  process.exit(1);
}
listen(handle);
