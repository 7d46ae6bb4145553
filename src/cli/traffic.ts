import { Command, InvalidArgumentError } from "commander";
import { fitted, type Observation, observedTable, splitTable, verdict } from "../rehearsal/report";
import type { ExpectedShare } from "../rehearsal/split";
import { withWrappedHelp } from "../terminal/help";
import { guardOutput } from "../terminal/output";
import { callEvery } from "../traffic/traffic";

interface Options {
  readonly url: string;
  readonly interval: number;
  readonly count: number;
  readonly header: string;
  readonly field?: string;
  readonly expect: readonly ExpectedShare[];
}

function number(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a number between ${min} and ${max}.`);
    }
    return value;
  };
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new InvalidArgumentError(
      "It must be an address such as https://id.execute-api.eu-central-1.amazonaws.com/dev/.",
    );
  }
  return text;
}

/** `v2=10`, given once for each version. */
function share(text: string, before: readonly ExpectedShare[]): ExpectedShare[] {
  const [, version, percent] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (version === undefined || Number(percent) > 100) {
    throw new InvalidArgumentError("It must be a version and its percent, such as v2=10.");
  }
  return [...before, { version, percent: Number(percent) }];
}

const command = withWrappedHelp(
  new Command("npx lambda-release traffic"),
  "200 requests, one every 0.2 seconds, take 40 seconds.",
  "The example handlers tell their version in the header x-version.",
  "Exit code: 1 when a request failed, or the split is not the expected one (chance below 0.001).",
)
  .description(
    "Calls a deployed API at an interval, tells each response in a line, and at the end, or at Ctrl+C, who " +
      "answered how often.",
  )
  .requiredOption("--url <endpoint>", "what to call: the output api_endpoint, with a path below it", url)
  .option("--interval <seconds>", "seconds from one request to the next", number(0, 3600), 0.2)
  .option("--count <requests>", "requests to send", number(1, 1_000_000), 200)
  .option("--header <name>", "the response header that tells the version", "x-version")
  .option("--field <name>", "the field of the JSON body that tells the version, where no header does")
  .option(
    "--expect <version=percent>",
    "the share that a version should have; once for each version",
    share,
    [],
  )
  .showHelpAfterError("(npx lambda-release traffic --help shows the options)")
  .allowExcessArguments(false);

async function main({ url, interval, count, header, field, expect }: Options): Promise<number> {
  const observations: Observation[] = [];
  const finish = () => {
    const { ok, text } = verdict(observations, expect);
    const table = expect.length > 0 ? splitTable(observations, expect) : observedTable(observations);
    console.log(`\n${fitted(table, process.stdout.columns)}\n\n${text}`);
    return ok ? 0 : 1;
  };
  process.on("SIGINT", () => process.exit(finish()));
  await callEvery(url, interval, Math.round(count), ({ status, body, headers, latencyMs }) => {
    const version = headers?.get(header) ?? fieldOf(body, field);
    observations.push({ version, latencyMs, failed: status === undefined || status >= 400 });
    console.log([new Date().toISOString(), status ?? "---", version ?? "-", oneLine(body)].join("  "));
  });
  return finish();
}

function fieldOf(body: string, field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  try {
    const value = JSON.parse(body)[field];
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}

/** What a response said, printable and short. */
function oneLine(body: string): string {
  const text = body.replace(/[\p{C}\s]+/gu, " ");
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

guardOutput(1);
command.parse();
main(command.opts<Options>()).then(
  (exitCode) => process.exit(exitCode),
  (error: Error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  },
);
