/**
 * Loads a handler and calls it, as Lambda's Node runtime does: `node node-runtime.js <folder> <handler>`. The handler
 * finds the files of its package, and of this machine's packages only the AWS SDK, which Lambda brings.
 *
 * Calls come on file descriptor 3, each as a line with the context and a line with the event; those that come
 * together are done one after another. Replies go out on 4, each before the next call begins: `ready`,
 * `answer <milliseconds> <JSON>` or `error <JSON>`. Or `back <count>`: so many calls are not done, because the one
 * before them waits for something. A handler that streams has in place of an answer `chunk <base64>`, as often as it
 * writes, and then `end <milliseconds>`. Standard output is the handler's.
 */
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { Socket } = require("node:net");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const missingSdk = require("./missing-sdk.js");
const { callStreaming, isStreaming } = require("./node-streaming.js");
const { send } = require("./send-reply.js");

const [, , folder, handler] = process.argv;

async function load() {
  // The first dot of the last part ends the file's name: `build/app.api.handler`.
  const dot = handler.indexOf(".", handler.lastIndexOf("/") + 1);
  const path = join(folder, handler.slice(0, dot));
  const file = [".js", ".mjs", ".cjs"].map((ending) => `${path}${ending}`).find(existsSync) ?? path;
  findSdk(file);
  const loaded = file.endsWith(".mjs") ? await import(pathToFileURL(file)) : require(file);
  const names = handler.slice(dot + 1).split(".");
  const handle = names.reduce((value, name) => value?.[name], loaded);
  if (typeof handle !== "function") throw new Error(`${handler} is undefined or not exported`);
  return handle;
}

/** Has the AWS SDK found from here, in the packages of this project, where the handler's package does not hold it. */
function findSdk(file) {
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    try {
      return resolveFilename.call(this, request, ...rest);
    } catch (error) {
      const isSdk = error.code === "MODULE_NOT_FOUND" && /^@(aws-sdk|smithy)\//.test(request);
      if (!isSdk) throw error;
      try {
        return resolveFilename.call(this, request, module);
      } catch {
        throw missingSdk(request, error);
      }
    }
  };
  // Lambda finds it for import too. A thread of its own is started for that, so only where it may be needed.
  if (file.endsWith(".mjs") || (existsSync(file) && /\bimport\(/.test(readFileSync(file, "utf8"))))
    Module.register(pathToFileURL(join(__dirname, "node-sdk-hooks.mjs")));
}

/**
 * A handler answers by a promise, by its callback or by the context's functions. What it returns otherwise is
 * not its answer: when nothing is left to do without one, the answer is null.
 */
function invoke(handle, event, given) {
  return new Promise((resolve, reject) => {
    const callback = (error, answer) => (error ? reject(error) : resolve(answer));
    const full = {
      ...contextOf(given),
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

function contextOf({ timeoutMs, traceId, ...context }) {
  process.env._X_AMZN_TRACE_ID = traceId;
  const deadlineMs = Date.now() + timeoutMs;
  return {
    ...context,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function stream(handle, event, given) {
  const chunk = (bytes) => send(`chunk ${Buffer.from(bytes).toString("base64")}`);
  return callStreaming(handle, event, contextOf(given), chunk);
}

function sendError(error, isLast = false) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  send(`error ${JSON.stringify({ error: text, isLast })}`);
}

async function answer(handle, context, event) {
  const startedAt = performance.now();
  calls.ref();
  process.removeAllListeners("beforeExit");
  try {
    const call = isStreaming(handle) ? stream : invoke;
    const answered = await call(handle, JSON.parse(event), JSON.parse(context));
    const tookMs = performance.now() - startedAt;
    send(isStreaming(handle) ? `end ${tookMs}` : `answer ${tookMs} ${JSON.stringify(answered) ?? "null"}`);
  } catch (error) {
    sendError(error);
  } finally {
    calls.ref();
  }
}

const calls = new Socket({ fd: 3, readable: true, writable: false });

/** The parent ends a runtime by closing its calls. */
function listen(handle) {
  let rest = "";
  const lines = [];
  let isWorking = false;
  const work = async () => {
    isWorking = true;
    while (lines.length > 1) await answer(handle, lines.shift(), lines.shift());
    isWorking = false;
  };
  const giveBack = () => {
    const count = Math.floor(lines.length / 2);
    if (count === 0) return;
    lines.splice(0, count * 2);
    send(`back ${count}`);
  };
  calls.setEncoding("utf8");
  calls.on("data", (chunk) => {
    rest += chunk;
    if (!chunk.includes("\n")) return;
    const came = rest.split("\n");
    rest = came.pop();
    lines.push(...came);
    if (!isWorking) work();
    // What is left then stands behind a call that is not done in one go.
    setImmediate(giveBack);
  });
  calls.on("end", () => process.exit());
}

process.on("uncaughtException", (error) => {
  sendError(error, true);
  process.exit(1);
});

load().then(
  (handle) => {
    send("ready");
    listen(handle);
  },
  (error) => {
    sendError(error, true);
    process.exit(1);
  },
);
