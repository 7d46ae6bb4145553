/**
 * Loads a handler and calls it, as Lambda's Node runtime does: `node node-runtime.js <folder> <handler>`.
 *
 * Calls come on file descriptor 3, each as a line with the context and a line with the event. Replies go out on
 * 4: `ready`, `answer <JSON>` or `error <JSON>`. Standard output is the handler's.
 */
const { writeSync } = require("node:fs");
const { Socket } = require("node:net");
const { join } = require("node:path");

const [, , folder, handler] = process.argv;

function send(reply) {
  let rest = Buffer.from(`${reply}\n`);
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

function sendError(error, isLast = false) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  send(`error ${JSON.stringify({ error: text, isLast })}`);
}

async function answer(handle, context, event) {
  calls.ref();
  process.removeAllListeners("beforeExit");
  try {
    const answered = await invoke(handle, JSON.parse(event), JSON.parse(context));
    send(`answer ${JSON.stringify(answered) ?? "null"}`);
  } catch (error) {
    sendError(error);
  } finally {
    calls.ref();
  }
}

const calls = new Socket({ fd: 3, readable: true, writable: false });

/** The parent ends a runtime by closing its calls. */
function listen(handle) {
  let text = "";
  calls.setEncoding("utf8");
  calls.on("data", (chunk) => {
    text += chunk;
    // One call at a time: both its lines have come, and nothing after them.
    if (!chunk.endsWith("\n")) return;
    const [context, event] = text.split("\n", 2);
    if (event === undefined || event === "") return;
    text = "";
    answer(handle, context, event);
  });
  calls.on("end", () => process.exit());
}

process.on("uncaughtException", (error) => {
  sendError(error, true);
  process.exit(1);
});

let handle;
try {
  handle = load();
  send("ready");
} catch (error) {
  sendError(error, true);
  process.exit(1);
}
listen(handle);
