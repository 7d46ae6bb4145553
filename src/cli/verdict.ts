import type { LiveVerdict } from "../live/live-verdict";
import { explanationLines, spanText, verdictLines } from "../live/verdict-text";
import { isCountedInAccessLogs } from "../release/access-metrics";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import type { FunctionsRelease, Release } from "../release/release";
import { type Standing, standingOf } from "../release/standing";
import { modelOf, strategiesThat } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { Refusal } from "../release/transitions";
import { coloured } from "../terminal/colour";
import { helpAfter } from "../terminal/help";
import { time } from "./options";
import { type Cli, serviceArgument } from "./verb";

const after = [
  "Ask as often as you like: a version that is no worse than stable is called worse in at most 1 % of the releases, whenever and however often one looks ('verdict.falseWorsePercent').",
  "Minutes are counted since the canary has its share; CloudWatch may still count the last 3, so they are left out.",
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
  const { functions, canary } = compared(release);
  const since = options.since ?? (await sinceShare(functions, canary));
  const { readVerdict } = await import("../live/live-verdict.js");
  const found = await readVerdict(functions, canary.version, since, now);
  const versions = { stable: release.stable.name, canary: canary.version };
  if (options.json) {
    console.log(JSON.stringify(asJson(name, versions, found)));
    return exitCodes[found.answer];
  }
  const { stable } = versions;
  console.log(`${coloured("bold", name)}   ${canary.version} beside ${stable}, ${spanText(found)}\n`);
  console.log(verdictLines(found, versions).join("\n"));
  if (options.explain) console.log(`\n${explanationLines(found, versions, release.verdict).join("\n")}`);
  return exitCodes[found.answer];
}

type Canary = NonNullable<Standing["canary"]>;

/** @throws {Refusal} where there is no canary to compare */
function compared(release: Release): { readonly functions: FunctionsRelease; readonly canary: Canary } {
  if (release.versionKind === "container" || !modelOf(release).fields.includes("verdict"))
    throw new Refusal(
      `verdict compares a canary of functions with stable, and ${release.strategy} has none: it is for ` +
        strategiesThat(({ fields }) => fields.includes("verdict")),
    );
  const { canary } = standingOf(release);
  if (canary === undefined) throw new Refusal("no version is on trial: 'start' one first");
  return { functions: release, canary };
}

/**
 * Since when the canary has its share. The metrics of an access log are those of whichever canary there was, so there
 * the share must be live; Lambda's are the version's own.
 */
async function sinceShare(release: FunctionsRelease, { version, since }: Canary): Promise<Date> {
  if (since === undefined)
    throw new Unable(
      `the file does not say since when ${version} has its share ('canary.since'): give --since`,
    );
  const inFile = new Date(since);
  if (!isCountedInAccessLogs(release)) return inFile;
  const { readLiveShare } = await import("../live/live-share.js");
  const live = await readLiveShare(release);
  if (live.is === "other")
    throw new Unable(`the share of ${version} is not live: ${live.why}; deploy the file, or give --since`);
  return live.is === "live" && live.since > inFile ? live.since : inFile;
}

function asJson(service: string, versions: object, { from, to, ...found }: LiveVerdict) {
  return { service, ...versions, from: inSeconds(from), to: inSeconds(to), ...found };
}
