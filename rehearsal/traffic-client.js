/**
 * The client of `sendTraffic`, in a thread of its own: beside the server it would take half of its time. Plain
 * JavaScript, because a thread would load the translation of TypeScript anew.
 */
const { Agent, request } = require("node:http");
const { parentPort, workerData } = require("node:worker_threads");

const { url, requests, rate, concurrency } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
const { hostname: host, port, pathname, search } = new URL(url);
const options = { agent, host, port, path: pathname + search };
/** Responses go to the other thread many at a time. */
const batch = [];

function send() {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (response) => {
      batch.push({ ...response, latencyMs: performance.now() - startedAt });
      resolve();
    };
    request(options, (response) => {
      response.resume();
      response.on("error", () => end({}));
      response.on("end", () => {
        end({ requestId: response.headers["x-amzn-requestid"], status: response.statusCode });
      });
    })
      .on("error", () => end({}))
      .end();
  });
}

function until(time) {
  const wait = time - performance.now();
  return wait <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wait));
}

function post() {
  if (batch.length > 0) parentPort.postMessage(batch.splice(0));
}

async function main() {
  const startedAt = performance.now();
  const posting = setInterval(post, 20);
  let sent = 0;
  const caller = async () => {
    while (sent < requests) {
      const index = sent++;
      if (rate !== undefined) await until(startedAt + (index * 1000) / rate);
      await send();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  clearInterval(posting);
  post();
  agent.destroy();
}

main();
