import { helpAfter } from "../terminal/help";
import type { ExpectedShare } from "../traffic/report";
import { headerOf, headersOf } from "./header-option";
import { between, several, url, whole } from "./options";
import type { Cli } from "./verb";

const after = [
  "200 requests, one every 0.2 seconds, take 40 seconds.",
  "The example handlers send their version in the header x-version.",
  "Exit codes: 0 no request failed, and the split is the expected one; 1 a request failed, or the split is another one (chance below 0.001); 2 could not run.",
];

export function addTraffic({ program, end }: Cli): void {
  helpAfter(program.command("traffic"), ...after)
    .description(
      "call a deployed API at an interval, print each response, and at the end who answered how often",
    )
    .requiredOption(
      "--url <endpoint>",
      "what to call: the output url, or api_endpoint, with a path below it",
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
      "the share that a version should have; once for each version",
      several(share),
      [],
    )
    .action(async ({ header: all, ...options }) => {
      const { callDeployed } = await import("../traffic/call.js");
      const given: readonly SentOrNamed[] = all;
      const header = given.filter((one) => typeof one === "string").at(-1);
      const headers = headersOf(given.filter((one) => typeof one !== "string"));
      end((await callDeployed({ ...options, header, headers })) ? 0 : 1);
    });
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
