import { Command, CommanderError } from "commander";
import { config } from "zod";
import { Refusal } from "../release/verbs/transitions";
import { packageJson } from "../setup/package-json";
import { SynthesisFailed } from "../synth/synthesize";
import { coloured } from "../terminal/colour";
import { withWrappedHelp } from "../terminal/help";
import { addAdvance } from "./advance";
import { RefusedVerb } from "./apply-verb";
import { addCheckRequests } from "./check-requests";
import { addCodeDeploy } from "./codedeploy";
import { addDashboard } from "./dashboard";
import { addDiff } from "./diff";
import { addDoctor } from "./doctor";
import { addHistory } from "./history";
import { addInit } from "./init";
import { addLock } from "./lock";
import { addNew } from "./new";
import { addRehearse } from "./rehearse";
import { addReleaseVerbs } from "./release-verbs";
import { hintLines } from "./report";
import { addReview } from "./review";
import { addSynth } from "./synth";
import { addTraffic } from "./traffic";
import type { Cli } from "./verb";
import { addVerdict } from "./verdict";
import { addWatch } from "./watch";

// Compiling a check of each object pays for those that check many files.
config({ jitless: true });

const afterHelp = [
  'Completion of verbs and services: eval "$(npx lambda-release completion bash)", or zsh, fish, powershell.',
  "Exit codes: 0 done, 1 refused or something found, 2 could not run.",
  "Time limits of AWS: 7 seconds for a request with its whole answer, 30 for a call with its tries, 120 for all calls of a verb. Each poll of a watch and each version that 'prune --live' deletes starts the 120 seconds again; a watch ends with the deployment.",
];

/**
 * The command `lambda-release`.
 *
 * @returns its exit code: 0 done, 1 refused or something found, 2 could not run
 */
export async function run(argv: readonly string[], now = new Date()): Promise<number> {
  try {
    let exitCode = 0;
    const end = (code: number) => {
      exitCode = code;
    };
    const program = await programOf({ now, end }, argv[0] ?? "");
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    tell(error as Error, argv.includes("--json"));
    return error instanceof Refusal ? 1 : 2;
  }
}

/** @param verb the one that is run: what only it needs is loaded for it alone */
async function programOf(given: Omit<Cli, "program">, verb: string): Promise<Command> {
  const program = withWrappedHelp(new Command("lambda-release"), ...afterHelp)
    .usage("<verb> [<environment>/<service>] [options]")
    .description(
      "Releases Lambda functions and containers step by step: who serves whom is a small reviewed file.",
    )
    .version(packageJson().version, "--version", "print the version of this package")
    .helpCommand(false)
    .exitOverride();
  const cli = { program, ...given };
  program.commandsGroup("See it:");
  addRehearse(cli);
  addDashboard(cli);
  program.commandsGroup("Release it:");
  addReleaseVerbs(cli);
  addAdvance(cli);
  addHistory(cli);
  addWatch(cli);
  program.commandsGroup("Check it:");
  addReview(cli);
  addDiff(cli);
  addCheckRequests(cli);
  addTraffic(cli);
  addVerdict(cli);
  program.commandsGroup("The project:");
  addInit(cli);
  addNew(cli);
  addDoctor(cli);
  addSynth(cli);
  addLock(cli);
  addCodeDeploy(cli);
  const workflow = program
    .command("workflow")
    .usage("<verb> [options]")
    .description("the steps of the GitHub workflows, a verb for each");
  const isCompletion = /^complet/.test(verb);
  if (verb === "workflow" || isCompletion) {
    const { addWorkflowVerbs } = await import("./workflow.js");
    addWorkflowVerbs({ ...cli, program: workflow });
  }
  if (isCompletion) await (await import("./completion.js")).addCompletion(program);
  return program;
}

/** An error that nobody foresaw is a line too; DEBUG shows where it came from. */
function tell(error: Error, isJson: boolean): void {
  const word = error instanceof Refusal ? "refused" : "error";
  const allowed = error instanceof RefusedVerb ? error.allowed : undefined;
  if (isJson) {
    const next = allowed?.map(({ command }) => command);
    console.log(JSON.stringify({ [word]: error.message, next }));
    return;
  }
  // A failed synthesis has printed why.
  if (!(error instanceof SynthesisFailed))
    console.error(`${coloured("red", `${word}:`, process.stderr)} ${error.message}`);
  if (allowed !== undefined) console.error(`\n${hintLines(allowed, process.stderr)}`);
  if (process.env["DEBUG"] !== undefined) console.error(error);
}
