import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { helpAfter } from "../terminal/help";
import type { CallOptions } from "../traffic/call";
import type { RequestHeaders } from "../traffic/headers";
import type { ExpectedShare } from "../traffic/report";
import type { SentRequest } from "../traffic/sent-request";
import { askRehearsal, isLocal } from "../traffic/who-answered";
import { headerOf, headersOf } from "./header-option";
import { between, path, several, url, whole } from "./options";
import { type RequestOptions, requestOptions, sentOf } from "./request-option";
import { type Cli, serviceArgument } from "./verb";

const after = [
  "200 requests, one every 0.2 seconds, take 40 seconds.",
  "A response names its version in the header x-version, as the example handlers do. Where none does, a rehearsal on this machine is asked; of a named service AWS is: the access log of its stage (up to 2 minutes), or CloudWatch for a weighted alias (up to 5).",
  "Exit codes: 0 no request failed, and the split is the expected one; 1 a request failed, or the split is another one (chance below 0.001); 2 could not run, or which version answered is not known.",
];

export function addTraffic({ program, end }: Cli): void {
  const { method, body, bodyFile } = requestOptions();
  helpAfter(program.command("traffic"), ...after)
    .description(
      "call a deployed API at an interval, print each response, and at the end who answered how often",
    )
    .argument("[service]", `${serviceArgument}: its address and the split it should have are looked up`)
    .option(
      "--url <endpoint>",
      "what to call (default: the service's output url, or else api_endpoint)",
      url("https://id.execute-api.eu-central-1.amazonaws.com/dev/"),
    )
    .option(
      "--path <path>",
      'below that address (default: the declared request with "split", or else the first open GET route)',
      path,
    )
    .addOption(method)
    .addOption(body)
    .addOption(bodyFile)
    .option("--interval <seconds>", "seconds from one request to the next", between(0, 3600), 0.2)
    .option("--count <requests>", "requests to send", whole(1, 1_000_000), 200)
    .option(
      "--header <header>",
      "'Name: value' is sent with each request; a name alone is the response header with the version (default: x-version)",
      several(sentOrNamed),
      [] as readonly SentOrNamed[],
    )
    .option("--field <name>", "the field of the JSON body with the version, where no header has it")
    .option(
      "--expect <version=percent>",
      "the share that a version should have; once for each version (default: what the service's file says)",
      several(share),
      [],
    )
    .action(async (service, { header: all, ...options }) => {
      const { callDeployed } = await import("../traffic/call.js");
      const given: readonly SentOrNamed[] = all;
      const header = given.filter((one) => typeof one === "string").at(-1);
      const sent = given.filter((one) => typeof one !== "string");
      const called = await addressed(service, { ...options, header: sent });
      end(await callDeployed({ ...options, ...called, header }));
    });
}

interface Given extends RequestOptions {
  readonly url?: string;
  readonly path?: string;
  readonly expect: readonly ExpectedShare[];
}

/** What is called and how, the split that it should have, and who knows which version answered. */
async function addressed(
  service: string | undefined,
  options: Given,
): Promise<Pick<CallOptions, "url" | "sent" | "expect" | "ask">> {
  const { url: given, path, expect } = options;
  if (given !== undefined && path !== undefined)
    throw new Unable("'--path' must not be given with --url, which has the path");
  const sent = sentOf(options, given ?? path, "--path or --url");
  if (service === undefined) {
    if (given === undefined)
      throw new Unable(
        "required option '--url <endpoint>' not specified: give it, or name a service such as dev/greeting",
      );
    return { url: given, sent, expect, ask: isLocal(given) ? askRehearsal(given) : undefined };
  }
  const read = readRelease(service);
  const { project, release } = read;
  const { askerOf } = await import("../workflows/split.js");
  const { deployedUrl } = await import("../workflows/deployed-url.js");
  const request =
    path === undefined
      ? given === undefined && (await usersRequest(read, headersOf(options.header)))
      : { ...sent, path };
  const url = request ? `${deployedUrl(project, release, { init: true })}${request.path}` : String(given);
  const shares = expect.length > 0 ? expect : sharesOf(release);
  return { url, sent: request || sent, expect: shares, ask: await askerOf(release, url) };
}

async function usersRequest(
  { project, path: file, release }: ReadRelease,
  headers: RequestHeaders,
): Promise<SentRequest> {
  const { requestOfSplit } = await import("../workflows/split.js");
  const request = requestOfSplit(release, headers, { project, file, environment: process.env });
  if (request === undefined)
    throw new Unable(
      `${release.name} has no GET route without variables that may be called: give --path, or "split": true to one of its 'requests'`,
    );
  return request;
}

/** Nothing where CodeDeploy or ECS gives the shares: the file does not know them. */
function sharesOf(release: Release): ExpectedShare[] {
  if (shiftsByItself(modelOf(release))) return [];
  return [...trafficOf(release)].map(([version, percent]) => ({ version, percent }));
}

/** A header to send, or the name of one that is answered. */
type SentOrNamed = string | readonly [name: string, value: string];

function sentOrNamed(text: string): SentOrNamed {
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : headerOf(text);
}

/** `v2=10` */
function share(text: string): ExpectedShare {
  const [, version, percent] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (version === undefined || Number(percent) > 100)
    throw new Error("it must be a version and its percent, such as v2=10");
  return { version, percent: Number(percent) };
}
