import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Given, parseFailing, parseSlow } from "../rehearsal/rollout/faults";
import { operatorActions } from "../rehearsal/rollout/operator";
import { Rehearse, type RehearseOptions } from "../rehearsal/rollout/rehearse";
import { SynthesisFailed } from "../synth/synthesize";
import { withWrappedHelp } from "../terminal/help";
import { guardOutput } from "../terminal/output";

function number(text: string, isAllowed: (value: number) => boolean, allowed: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !isAllowed(value))
    throw new InvalidArgumentError(`It must be ${allowed}.`);
  return value;
}

function whole(min: number, max: number) {
  return (text: string) =>
    number(
      text,
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `a whole number between ${min} and ${max}`,
    );
}

function rate(text: string): number {
  return number(text, (value) => value > 0 && value <= 10_000, "a number above 0 and at most 10000");
}

function path(text: string): string {
  if (!/^\/[!-~]*$/.test(text))
    throw new InvalidArgumentError("It must start with a slash and have no spaces.");
  return text;
}

function svg(text: string): string {
  if (!text.endsWith(".svg")) throw new InvalidArgumentError("It must end with .svg.");
  return text;
}

/** Several, one by one. */
function all(parse: (text: string) => Given) {
  return (text: string, before: readonly Given[] = []) => {
    try {
      return [...before, parse(text)];
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message.replace(/^it/, "It").concat("."));
    }
  };
}

const command = withWrappedHelp(
  new Command("npx lambda-release rehearse"),
  "Exit code: 0 when the new version has come to serve everybody, or the question is answered; 1 when it was stopped; 2 when nothing could be rehearsed.",
)
  .description(
    "Rehearses a shift of CodeDeploy's before AWS: synthesizes the stacks, applies one to this machine, and has " +
      "CodeDeploy move its alias, or put new tasks in place of old ones, under traffic, with the real handlers, " +
      "containers' servers, hooks and alarms, on a clock that runs ahead.",
  )
  .argument("<stack>", "a stack with a CodeDeploy deployment group, such as checkout-dev or storefront-dev")
  .option("--from <git ref>", "first applies that commit, so that old and new code differ")
  .option("--rate <per second>", "requests per second of the shift's time", rate, 10)
  .option(
    "--fail <who>=<percent>%",
    "so many invocations, or answers of containers, of canary, stable or a version are errors",
    all(parseFailing),
  )
  .option("--slow <who>=<ms>", "they take so much longer, as far as metrics see", all(parseSlow))
  .option("--late <minutes>", "metrics come so much later to CloudWatch than here", whole(0, 15), 0)
  .option(
    "--seed <number>",
    "draws the same in each run (default: another one, which is told)",
    whole(0, 2 ** 32 - 1),
  )
  .option("--path <path>", "what to request (default: the first open GET route without variables)", path)
  .addOption(
    new Option(
      "--operator <who>",
      "what becomes of a deployment that waits for somebody (default: continue)",
    ).choices(operatorActions),
  )
  .option("--operator-after <minutes>", "when that is, since it waits (default: 1)", whole(0, 7200))
  .option("--plot <file.svg>", "draws a picture of it", svg)
  .option("--json", "prints one object")
  .option(
    "--how-bad",
    "asks how bad a version must be to be stopped, how soon, and how many requests fail until then",
  )
  .option("--draws <count>", "shifts that are drawn for each line of --how-bad", whole(1, 100_000), 200)
  .showHelpAfterError("(npx lambda-release rehearse --help shows the options)")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .allowExcessArguments(false);

function fail(error: Error): void {
  if (process.env["DEBUG"] !== undefined) console.error(error);
  // A failed synthesis has said itself why.
  else if (!(error instanceof SynthesisFailed)) console.error(`error: ${error.message}`);
  process.exit(2);
}

// What was started and written beside is ended and taken away when the process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
guardOutput(2);

command.parse();
const [stack = ""] = command.args;
const defaults = { seed: Math.floor(Math.random() * 2 ** 32), fail: [], slow: [] };
const { late, ...given } = command.opts<Omit<RehearseOptions, "lateMinutes"> & { late: number }>();
const options: RehearseOptions = { ...defaults, ...given, lateMinutes: late, stack };
new Rehearse(join(__dirname, "../.."), options).start().then((ok) => process.exit(ok ? 0 : 1), fail);
