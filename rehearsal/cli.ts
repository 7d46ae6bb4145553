import { existsSync, watch } from "node:fs";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { RequestRecord } from "./api-gateway/gateway";
import { seededRandom } from "./random";
import { MissingRuntime, Rehearsal } from "./rehearsal";
import { type Observation, splitTable, verdict } from "./report";
import { type ExpectedShare, expectedShares, type FunctionsOutput, versionNames } from "./split";
import { SynthesisFailed, synthesize, withSynthesisOf } from "./synthesize";
import type { ApplySummary } from "./terraform/applied-state";
import { type Configuration, readConfiguration, stackFiles } from "./terraform/configuration";
import { sendTraffic } from "./traffic";

const project = join(__dirname, "..");

interface Options {
  readonly stack: string;
  readonly requests: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly path?: string;
  readonly from?: string;
  readonly serve?: boolean;
  readonly port: number;
}

function integer(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number between ${min} and ${max}.`);
    }
    return value;
  };
}

const command = new Command("npm start --")
  .description(
    "Rehearses a release: synthesizes the stacks, applies one to this machine, serves its API on loopback " +
      "with the real handlers, and sends it traffic. Needs no AWS account.",
  )
  .option("--stack <name>", "the stack to rehearse", "greeting-dev")
  .option("--requests <count>", "requests to send", integer(1, 1_000_000), 1000)
  .option(
    "--rate <per second>",
    "requests per second (default: as fast as they are answered)",
    integer(1, 100_000),
  )
  .option("--seed <number>", "draws the same requests for the canary in each run", integer(0, 2 ** 32 - 1))
  .option("--path <path>", "what to request (default: the first open GET route without variables)")
  .option("--from <git ref>", "first applies that commit, so that the step from there is rehearsed")
  .option("--serve", "keeps listening and applies each new synth; sends no traffic")
  .addOption(
    new Option("--port <number>", "port to listen on")
      .argParser(integer(0, 65535))
      .default(0, "any that is free"),
  )
  .addHelpText(
    "after",
    "\nExit code: 0 when the split is as the stage says; 1 when it is implausible (chance\n" +
      "below 0.001), a request failed, or the stack could not be rehearsed.",
  )
  .showHelpAfterError("(npm start -- --help shows the options)");

async function main(options: Options): Promise<number> {
  const records = new Map<string, RequestRecord>();
  let versionOf = (functionName: string) => functionName;
  const sending = !options.serve;
  const explain = explainer((functionName) => versionOf(functionName));
  const rehearsal = new Rehearsal({
    random: options.seed === undefined ? Math.random : seededRandom(options.seed),
    onRequest: (record) => {
      if (sending) records.set(record.requestId, record);
      explain(record);
    },
    onLog: (functionName, line) => console.log(`[${versionOf(functionName)}] ${line}`),
  });
  const apply = (configuration: Configuration) => {
    const summary = rehearsal.apply(configuration);
    versionOf = versionNames(rehearsal.outputs["functions"] as FunctionsOutput | undefined);
    return summary;
  };
  const [stage] = await prepare(options, apply, rehearsal);
  const url = `${await rehearsal.listen(options.port)}/${stage?.name}`;
  announce(rehearsal, url, versionOf);
  if (options.serve) return serveOn(options, apply, () => announce(rehearsal, url, versionOf));
  try {
    return await rehearse(options, rehearsal, url, versionOf, records);
  } finally {
    await rehearsal.close();
  }
}

/** Synthesizes and applies, the earlier commit first. */
async function prepare(options: Options, apply: (one: Configuration) => ApplySummary, rehearsal: Rehearsal) {
  if (options.from !== undefined) {
    const summary = withSynthesisOf(project, options.from, (folder) => apply(read(folder, options.stack)));
    say("applied", `${options.stack} of ${options.from}: ${counts(summary)}`);
  }
  const folder = synthesize(project);
  const configuration = read(folder, options.stack);
  say("synthesized", relative(project, join(configuration.folder, "cdk.tf.json")));
  say("applied", counts(apply(configuration)));
  return rehearsal.api.stages;
}

async function rehearse(
  options: Options,
  rehearsal: Rehearsal,
  url: string,
  versionOf: (functionName: string) => string,
  records: ReadonlyMap<string, RequestRecord>,
): Promise<number> {
  const [stage] = rehearsal.api.stages;
  if (stage === undefined) throw new Error("the stack has no stage to send requests to");
  const path = options.path ?? openPath(rehearsal);
  const expected = expectedShares(stage, versionOf);
  const observations: Observation[] = [];
  say("sending", `${options.requests.toLocaleString("en")} requests, GET ${path}`);
  const progress = progressLine(options.requests);
  await sendTraffic({
    ...options,
    url,
    path,
    onResponse: ({ requestId, status, latencyMs }) => {
      const version = versionServing(records.get(requestId ?? ""), expected, versionOf);
      observations.push({ version, latencyMs, failed: status === undefined || status >= 400 });
      progress(observations.length);
    },
  });
  const result = verdict(observations, expected);
  console.log(`\n${splitTable(observations, expected)}\n\n${result.text}`);
  return result.ok ? 0 : 1;
}

/** The version of the function that answered, or of the side on which there was none to answer. */
function versionServing(
  record: RequestRecord | undefined,
  [stable, canary]: readonly ExpectedShare[],
  versionOf: (functionName: string) => string,
): string | undefined {
  if (record?.functionName !== undefined) return versionOf(record.functionName);
  if (record?.isCanary === undefined) return undefined;
  return record.isCanary ? canary?.version : stable?.version;
}

/** Applies each new synth until the process is ended. */
function serveOn(
  options: Options,
  apply: (one: Configuration) => ApplySummary,
  announce: () => void,
): Promise<never> {
  const folder = join(project, process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
  let pending: NodeJS.Timeout | undefined;
  // The manifest is what a synth writes last.
  watch(folder, (_, name) => {
    if (name !== "manifest.json") return;
    clearTimeout(pending);
    pending = setTimeout(() => {
      try {
        say("applied", counts(apply(read(folder, options.stack))));
        announce();
      } catch (error) {
        console.error(`not applied: ${(error as Error).message}`);
      }
    }, 100);
  });
  console.log("\nEdit a release file or a handler, run npm run synth, and it is applied here. Ctrl+C ends.");
  return new Promise(() => {});
}

function read(folder: string, stack: string): Configuration {
  const files = stackFiles(folder);
  const file = files.get(stack);
  if (file === undefined || !existsSync(file)) {
    throw new Error(`there is no stack '${stack}'; there are ${[...files.keys()].join(", ")}`);
  }
  return readConfiguration(file);
}

/** A route that can be requested as it is. */
function openPath(rehearsal: Rehearsal): string {
  const resources = rehearsal.api.stages[0]?.stable.definition.resources ?? [];
  const open = resources.find(({ path, methods }) => {
    const method = methods.get("GET") ?? methods.get("ANY");
    return !path.includes("{") && method?.integration.type === "lambda" && method.authorization === undefined;
  });
  if (open === undefined)
    throw new Error("no GET route without variables is open to everybody: name one by --path");
  return open.path;
}

function announce(rehearsal: Rehearsal, url: string, versionOf: (functionName: string) => string): void {
  for (const stage of rehearsal.api.stages) {
    const shares = expectedShares(stage, versionOf).map(({ version, percent }) => `${version} ${percent} %`);
    say("serving", `${url}/ (${shares.join(", ")})`);
  }
}

/**
 * Says why API Gateway itself answered: its callers are not told, here as in AWS. Of many alike it tells the
 * first, and then every tenth, hundredth and so on with their number.
 */
function explainer(versionOf: (functionName: string) => string): (record: RequestRecord) => void {
  const times = new Map<string, number>();
  return ({ httpMethod, path, status, reason, functionName }) => {
    if (reason === undefined) return;
    const who = functionName === undefined ? "" : `[${versionOf(functionName)}] `;
    const line = `${who}${httpMethod} ${path} -> ${status}: ${reason}`;
    const count = (times.get(line) ?? 0) + 1;
    times.set(line, count);
    if (/^10*$/.test(String(count))) console.error(count === 1 ? line : `${line} (${count} times)`);
  };
}

function counts({ added, changed, destroyed }: ApplySummary): string {
  return `${added.length} added, ${changed.length} changed, ${destroyed.length} destroyed`;
}

function say(what: string, text: string): void {
  console.log(`${what.padEnd(12)} ${text}`);
}

/** Tells how far a run is, on a terminal alone. */
function progressLine(total: number): (done: number) => void {
  if (!process.stdout.isTTY) return () => {};
  let shownAt = 0;
  return (done) => {
    if (done < total && Date.now() - shownAt < 100) return;
    shownAt = Date.now();
    process.stdout.write(
      done < total ? `\r${done.toLocaleString("en")} of ${total.toLocaleString("en")}` : "\r\x1b[K",
    );
  };
}

command.parse();
main(command.opts<Options>()).then(
  (exitCode) => process.exit(exitCode),
  (error) => {
    if (error instanceof MissingRuntime) console.error(`SKIPPED: ${error.message}`);
    else if (!(error instanceof SynthesisFailed)) console.error(`error: ${error.message}`);
    if (process.env["DEBUG"] !== undefined) console.error(error.stack);
    process.exit(error instanceof MissingRuntime ? 0 : 1);
  },
);
