import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { MissingRuntime } from "../rehearsal/lambda/missing-runtime";
import { Run, type RunOptions } from "../rehearsal/run";
import { SynthesisFailed } from "../synth/synthesize";
import { withWrappedHelp } from "../terminal/help";
import { guardOutput } from "../terminal/output";

function integer(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number between ${min} and ${max}.`);
    }
    return value;
  };
}

function path(text: string): string {
  if (!/^\/[!-~]*$/.test(text)) throw new InvalidArgumentError("It must start with a slash.");
  return text;
}

const command = withWrappedHelp(
  new Command("npm start --"),
  "Exit code: 0 when the split is as the stage says, or the stack's handlers need a runtime that is not on this machine; 1 when the split is implausible (chance below 0.001), a request failed, or the stack could not be rehearsed.",
)
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
  .option("--path <path>", "what to request (default: the first open GET route without variables)", path)
  .option("--from <git ref>", "first applies that commit, so that the step from there is rehearsed")
  .option("--serve", "keeps listening and applies each new synth; sends no traffic")
  .addOption(
    new Option("--port <number>", "port to listen on")
      .argParser(integer(0, 65535))
      .default(0, "any that is free"),
  )
  .showHelpAfterError("(npx lambda-release rehearse --help shows the options)")
  .allowExcessArguments(false);

function fail(error: Error): number {
  if (process.env["DEBUG"] !== undefined) console.error(error);
  if (error instanceof MissingRuntime) {
    console.error(`SKIPPED: ${error.message}`);
    return 0;
  }
  // A failed synthesis has said itself why.
  if (!(error instanceof SynthesisFailed)) console.error(`error: ${error.message}`);
  return 1;
}

// What was started and written beside is ended and taken away when the process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
guardOutput(1);

command.parse();
new Run(join(__dirname, "../.."), command.opts<RunOptions>()).start().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error) => process.exit(fail(error)),
);
