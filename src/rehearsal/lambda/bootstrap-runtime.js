/**
 * Runs a program that is built elsewhere as Lambda's OS-only runtimes do: `node bootstrap-runtime.js <folder> <handler>
 * <memory in MB>` starts `bootstrap`, and serves the Runtime API to it on loopback.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * Calls and replies are those of node-runtime.js: on file descriptors 3 and 4. A program streams its answer as Lambda
 * asks a custom runtime to: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
const { spawn } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { Socket } = require("node:net");
const { join } = require("node:path");
const { send } = require("./send-reply.js");

const [, , folder, , memoryMb] = process.argv;
/** A call that has not ended after this long gives those behind it back. */
const quickMs = 5;
/** What the system counts beside what the program asked for. */
const spareMb = 64;

/** What came and was not begun. */
const waiting = [];
/** The call that the program works on. */
let working;
/** The program's request for its next call. */
let next;
let isReady = false;
let hasEnded = false;

function end(error) {
  if (hasEnded) return;
  hasEnded = true;
  send(`error ${JSON.stringify({ error, isLast: true })}`);
  program?.kill("SIGKILL");
  process.exit(1);
}

/** Gives the program the call that has waited longest, once it asks for one. */
function hand() {
  if (next === undefined || waiting.length === 0) return;
  const { context, event } = waiting.shift();
  const deadlineMs = Math.round(Date.now() + context.timeoutMs);
  working = { context, startedAt: performance.now() };
  next.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(event),
    "lambda-runtime-aws-request-id": context.awsRequestId,
    "lambda-runtime-deadline-ms": String(deadlineMs),
    "lambda-runtime-invoked-function-arn": context.invokedFunctionArn,
    "lambda-runtime-trace-id": context.traceId,
  });
  next.end(event);
  next = undefined;
  setTimeout(giveBack, quickMs, working);
}

function giveBack(call) {
  if (working !== call || waiting.length === 0) return;
  const count = waiting.splice(0).length;
  send(`back ${count}`);
}

/** The answer as JSON on one line; what is no JSON is text, which API Gateway refuses as it does in AWS. */
function jsonOf(body) {
  if (body === "") return "null";
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return JSON.stringify(body);
  }
}

function errorText(body, { "lambda-runtime-function-error-type": type = "Runtime.Unknown" }) {
  let error = {};
  try {
    error = JSON.parse(body) ?? {};
  } catch {}
  const { errorType = type, errorMessage = "", stackTrace = [] } = error;
  const trace = Array.isArray(stackTrace)
    ? stackTrace.map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
    : [];
  return [`${errorType}: ${errorMessage}`, ...trace].join("\n");
}

function finish(reply) {
  working = undefined;
  send(reply);
}

const prefix = "/2018-06-01/runtime";

/** @returns status and body */
function take({ method, url, headers }, body) {
  if (method === "POST" && url === `${prefix}/init/error`) {
    // Told before the program ends of itself.
    setImmediate(end, errorText(body, headers));
    return [202, { status: "OK" }];
  }
  const [, id, kind] = new RegExp(`^${prefix}/invocation/([^/]+)/(response|error)$`).exec(url) ?? [];
  if (method !== "POST" || id === undefined)
    return [404, { errorType: "NotFound", errorMessage: `the Runtime API has no ${method} ${url}` }];
  if (id !== working?.context.awsRequestId)
    return [400, { errorType: "InvalidRequestID", errorMessage: "Invalid request ID" }];
  const tookMs = performance.now() - working.startedAt;
  finish(
    kind === "response"
      ? `answer ${tookMs} ${jsonOf(body)}`
      : `error ${JSON.stringify({ error: errorText(body, headers), isLast: false })}`,
  );
  return [202, { status: "OK" }];
}

/** Whether a request answers the call that the program works on. */
function isAnswer({ method, url }) {
  const id = working?.context.awsRequestId;
  return method === "POST" && id !== undefined && url === `${prefix}/invocation/${id}/response`;
}

/** An error in the middle of a stream stands in its trailers. */
function endStream({ trailers }) {
  const type = trailers["lambda-runtime-function-error-type"];
  if (type === undefined) {
    finish(`end ${performance.now() - working.startedAt}`);
  } else {
    const body = Buffer.from(trailers["lambda-runtime-function-error-body"] ?? "", "base64").toString();
    finish(
      `error ${JSON.stringify({ error: errorText(body, { "lambda-runtime-function-error-type": type }), isLast: false })}`,
    );
  }
  return [202, { status: "OK" }];
}

const server = createServer((request, response) => {
  if (request.method === "GET" && request.url === `${prefix}/invocation/next`) {
    if (!isReady) send("ready");
    isReady = true;
    next = response;
    hand();
    return;
  }
  const chunks = [];
  const isStream =
    isAnswer(request) && request.headers["lambda-runtime-function-response-mode"] === "streaming";
  request.on("data", (chunk) => {
    if (isStream) send(`chunk ${chunk.toString("base64")}`);
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const [status, answer] = isStream ? endStream(request) : take(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
});
// The program's next call may come at any time.
server.keepAliveTimeout = 0;
server.requestTimeout = 0;

let program;

function start() {
  // Lambda looks for it in the package, and then in the layers.
  const places = [folder, process.env.REHEARSAL_OPT ?? folder].map((place) => join(place, "bootstrap"));
  const { REHEARSAL_OPT: _, ...env } = process.env;
  const file = places.find(existsSync) ?? places[0];
  program = spawn(file, [], {
    cwd: folder,
    env: { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}` },
    stdio: ["ignore", "inherit", "inherit"],
  });
  program.on("error", (error) =>
    end(`Runtime.InvalidEntrypoint: bootstrap cannot be started: ${error.message}`),
  );
  program.on("exit", (code, signal) => {
    const how = signal ?? `code ${code}`;
    end(`Runtime.ExitError: bootstrap ended with ${how}${isReady ? "" : " before it asked for a call"}`);
  });
}

/** Where the system tells (Linux). */
function checkMemory() {
  try {
    const pages = Number(readFileSync(`/proc/${program.pid}/statm`, "utf8").split(" ")[1]);
    if (pages * 4096 > (Number(memoryMb) + spareMb) * 1024 * 1024)
      end(`Runtime exited: out of memory (${memoryMb} MB)`);
  } catch {
    // Another system, or the program is gone.
  }
}

const calls = new Socket({ fd: 3, readable: true, writable: false });
let rest = "";
let context;
calls.setEncoding("utf8");
calls.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    if (context === undefined) {
      context = JSON.parse(line);
    } else {
      waiting.push({ context, event: line });
      context = undefined;
    }
  }
  hand();
  if (working !== undefined) setTimeout(giveBack, quickMs, working);
});
calls.on("end", () => process.exit());

server.listen(0, "127.0.0.1", start);
setInterval(checkMemory, 50);
