/**
 * The client of `sendTraffic` and of `TrafficClient`, in a thread of its own: beside the server it would take half of
 * its time. Plain JavaScript, because a thread would load the translation of TypeScript anew.
 */
const { Pool, util } = require("undici");
const { parentPort, workerData } = require("node:worker_threads");

const { url, requests, rate, concurrency, method = "GET", headers, body } = workerData;
const { origin, pathname, search } = new URL(url);
const pool = new Pool(origin, { connections: concurrency, headersTimeout: 60_000, bodyTimeout: 60_000 });
const options = {
  method,
  path: pathname + search,
  headers,
  body: body === undefined ? undefined : Buffer.from(body),
};
/** Responses go to the other thread many at a time. */
const batch = [];

function send() {
  const startedAt = performance.now();
  const response = {};
  return new Promise((resolve) => {
    const end = () => {
      batch.push({ ...response, latencyMs: performance.now() - startedAt });
      resolve();
    };
    pool.dispatch(options, {
      onConnect() {},
      onHeaders(status, headers) {
        response.requestId = util.parseHeaders(headers)["x-amzn-requestid"];
        response.status = status;
        return true;
      },
      onData: () => true,
      onComplete: end,
      onError() {
        response.status = undefined;
        end();
      },
    });
  });
}

function until(time) {
  const wait = time - performance.now();
  return wait <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wait));
}

function post() {
  if (batch.length > 0) parentPort.postMessage(batch.splice(0));
}

async function sendAll(requests) {
  const startedAt = performance.now();
  let sent = 0;
  const caller = async () => {
    while (sent < requests) {
      const index = sent++;
      if (rate !== undefined) await until(startedAt + (index * 1000) / rate);
      await send();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, caller));
}

async function main() {
  const posting = setInterval(post, 20);
  await sendAll(requests);
  clearInterval(posting);
  post();
  pool.destroy();
}

/** Without a number of requests it sends as many as it is told, again and again, and answers with their responses. */
if (requests === undefined) {
  parentPort.on("message", async (count) => {
    await sendAll(count);
    parentPort.postMessage(batch.splice(0));
  });
} else {
  main();
}
