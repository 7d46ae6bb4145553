import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { taskHook } from "lambda-release/hooks";

/** How often the new version is asked in a row. */
const times = 10;

/** For how long the test port may lead elsewhere, or nowhere, after it was turned. */
const settleMs = 10_000;

/** When the test port leads to the new tasks: they must answer `GET /`, time after time. */
export const handler = taskHook(async () => {
  const endpoint = process.env["TEST_ENDPOINT"];
  if (endpoint === undefined) throw new Error("the environment variable TEST_ENDPOINT must be given");
  await untilWell(endpoint);
  for (let asked = 1; asked < times; asked++) {
    const answer = await ask(endpoint);
    if (!isWell(answer)) throw new Error(`${endpoint} must answer GET / with a status of 2xx, and ${answer}`);
  }
});

async function untilWell(endpoint: string): Promise<void> {
  for (const end = Date.now() + settleMs; ; await sleep(500)) {
    const answer = await ask(endpoint);
    if (isWell(answer)) return;
    if (Date.now() > end)
      throw new Error(
        `${endpoint} must answer GET / with a status of 2xx within ${settleMs / 1000} s, and ${answer}`,
      );
  }
}

function isWell(answer: string): boolean {
  return /^answers 2\d\d$/.test(answer);
}

/** What becomes of `GET /`, as a sentence goes on. */
function ask(endpoint: string): Promise<string> {
  const send = endpoint.startsWith("https:") ? requestHttps : requestHttp;
  // A certificate is for the users' name of the service, and here the load balancer is called by its own.
  const options = { timeout: 5_000, checkServerIdentity: () => undefined };
  return new Promise((resolve) => {
    const request = send(`${endpoint}/`, options, (response) => {
      response.resume().on("end", () => resolve(`answers ${response.statusCode}`));
    });
    request.on("timeout", () => request.destroy(new Error("it is silent for 5 s")));
    request.on("error", ({ message }) => resolve(`fails: ${message}`));
    request.end();
  });
}
