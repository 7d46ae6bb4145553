import { type CanaryVerdict, UnknownShare, verdictNow } from "../live/verdict-now";
import { explanationLines, spanText, verdictLines } from "../live/verdict-text";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { inSeconds } from "../release/time";
import { Refusal } from "../release/verbs/transitions";
import { coloured } from "../terminal/colour";
import { helpAfter } from "../terminal/help";
import { time } from "./options";
import { type Cli, serviceArgument } from "./verb";

const after = [
  "Ask as often as you like: a version that is no worse than stable is called worse in at most 1 % of the releases, whenever and however often one looks ('verdict.falseWorsePercent').",
  "Minutes are counted since the canary has its share; CloudWatch may still count the last 3, so they are left out.",
  "Containers are compared while CodeDeploy or ECS shifts users: minutes are counted since the shift began.",
  "Exit codes: 0 as good, 1 worse, 2 not enough yet, or could not be compared.",
];

export function addVerdict({ program, now, end }: Cli): void {
  helpAfter(program.command("verdict"), ...after)
    .description(
      "compare the canary with stable over the same minutes in CloudWatch: as good, worse, or not enough yet",
    )
    .argument("<service>", serviceArgument)
    .option(
      "--since <time>",
      "count from this time, such as 2026-11-21T09:30:00Z (default: since the canary has its share)",
      time,
    )
    .option("--explain", "say what each number means", false)
    .option("--json", "for scripts", false)
    .action(async (service, options) => end(await verdict(readRelease(service), options, now)));
}

interface VerdictOptions {
  readonly since?: Date;
  readonly explain: boolean;
  readonly json: boolean;
}

const exitCodes = { "as good": 0, worse: 1, "not enough yet": 2 } as const;

async function verdict(read: ReadRelease, options: VerdictOptions, now: Date): Promise<number> {
  const { release, name } = read;
  const found = await verdictNow(release, now, options.since).catch((error: Error) => {
    // Exit code 1 says *worse*.
    if (error instanceof Refusal) throw new Unable(error.message);
    if (!(error instanceof UnknownShare)) throw error;
    throw Unable.causedBy(error, `${error.message}, or give --since`);
  });
  if (options.json) {
    console.log(JSON.stringify(asJson(name, found)));
    return exitCodes[found.answer];
  }
  const { stable, canary } = found;
  console.log(`${coloured("bold", name)}   ${canary} beside ${stable}, ${spanText(found)}\n`);
  console.log(verdictLines(found, found).join("\n"));
  if (options.explain) console.log(`\n${explanationLines(found, found, release.verdict).join("\n")}`);
  return exitCodes[found.answer];
}

function asJson(service: string, { stable, canary, from, to, ...found }: CanaryVerdict) {
  return { service, stable, canary, from: inSeconds(from), to: inSeconds(to), ...found };
}
