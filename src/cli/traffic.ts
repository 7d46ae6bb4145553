import { readRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { helpAfter } from "../terminal/help";
import type { CallOptions } from "../traffic/call";
import type { RequestHeaders } from "../traffic/headers";
import type { ExpectedShare } from "../traffic/report";
import { askRehearsal, isLocal } from "../traffic/who-answered";
import { headerOf, headersOf } from "./header-option";
import { between, several, url, whole } from "./options";
import { type Cli, serviceArgument } from "./verb";

const after = [
  "200 requests, one every 0.2 seconds, take 40 seconds.",
  "A response names its version in the header x-version, as the example handlers do. Where none does, a rehearsal on this machine is asked; of a named service AWS is: the access log of its stage (up to 2 minutes), or CloudWatch for a weighted alias (up to 5).",
  "Exit codes: 0 no request failed, and the split is the expected one; 1 a request failed, or the split is another one (chance below 0.001); 2 could not run, or which version answered is not known.",
];

export function addTraffic({ program, end }: Cli): void {
  helpAfter(program.command("traffic"), ...after)
    .description(
      "call a deployed API at an interval, print each response, and at the end who answered how often",
    )
    .argument("[service]", `${serviceArgument}: its address and the split it should have are looked up`)
    .option(
      "--url <endpoint>",
      "what to call (default: the service's output url, or else api_endpoint, with its first open GET route)",
      url("https://id.execute-api.eu-central-1.amazonaws.com/dev/"),
    )
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
      const headers = headersOf(given.filter((one) => typeof one !== "string"));
      const called = await addressed(service, options, headers);
      end(await callDeployed({ ...options, ...called, header, headers }));
    });
}

interface Given {
  readonly url?: string;
  readonly expect: readonly ExpectedShare[];
}

/** What is called, the split that it should have, and who knows which version answered. */
async function addressed(
  service: string | undefined,
  { url: given, expect }: Given,
  headers: RequestHeaders,
): Promise<Pick<CallOptions, "url" | "expect" | "ask">> {
  if (service === undefined) {
    if (given === undefined)
      throw new Unable(
        "required option '--url <endpoint>' not specified: give it, or name a service such as dev/greeting",
      );
    return { url: given, expect, ask: isLocal(given) ? askRehearsal(given) : undefined };
  }
  const { project, release } = readRelease(service);
  const { askerOf } = await import("../workflows/split.js");
  const url = given ?? (await usersUrl(project, release, headers));
  return { url, expect: expect.length > 0 ? expect : sharesOf(release), ask: await askerOf(release, url) };
}

async function usersUrl(project: string, release: Release, headers: RequestHeaders): Promise<string> {
  const { callablePath, deployedUrl } = await import("../workflows/deployed-url.js");
  const path = callablePath(release, Object.keys(headers).length > 0);
  if (path === undefined)
    throw new Unable(`${release.name} has no GET route without variables that may be called: give --url`);
  return `${deployedUrl(project, release, { init: true })}${path}`;
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
