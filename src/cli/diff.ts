import type { ReadRelease } from "../release/files/project";
import { Unable } from "../release/files/project";
import { modelOf } from "../release/strategies/strategies";
import type { DifferenceLine } from "../review/versions/difference-lines";
import type { VersionDifference } from "../review/versions/version-difference";
import { coloured } from "../terminal/colour";
import { type Cli, serviceArgument } from "./verb";

export function addDiff({ program }: Cli): void {
  program
    .command("diff")
    .description("show what changes from one version of a service to another: code, settings, packages, API")
    .argument("<service>", serviceArgument)
    .argument("<from>", "a published version")
    .argument("<to>", "another published version")
    .option("--json", "for scripts", false)
    .action(async (service, from, to, { json }) => {
      const { readRelease } = await import("../release/files/project.js");
      await diff(readRelease(service), from, to, json);
    });
}

async function diff(read: ReadRelease, from: string, to: string, json: boolean): Promise<void> {
  const published = read.release.versions.map(({ name }) => name);
  for (const version of [from, to])
    if (!published.includes(version))
      throw new Unable(
        `'${version}' is not a published version of ${read.name}: there are ${published.join(", ")}`,
      );
  const { versionDifference } = await import("../review/versions/version-difference.js");
  const { differenceLines } = await import("../review/versions/difference-lines.js");
  const difference = versionDifference(read, from, to);
  if (json) {
    console.log(JSON.stringify({ service: read.name, ...difference }));
    return;
  }
  const lines = differenceLines(difference);
  console.log(`${coloured("bold", read.name)}   ${from} -> ${to}\n`);
  console.log(lines.length === 0 ? "Nothing differs that is compared." : linesText(lines));
  const hint = codeHint(read, difference);
  if (hint !== undefined) console.log(`\n${hint}`);
}

/** What stands under a word begins below its first line. */
function linesText(lines: readonly DifferenceLine[]): string {
  const careful = coloured("yellow", "a client could break");
  return lines
    .map(({ of, text, couldBreak }, index) => {
      const title = of === lines[index - 1]?.of ? "" : of;
      return `${title.padEnd(11)}${text}${couldBreak ? `: ${careful}` : ""}`;
    })
    .join("\n");
}

/** Where the lines of the code are to be read. */
function codeHint({ release }: ReadRelease, { code, listedBy }: VersionDifference): string | undefined {
  if (code !== undefined)
    return code.files.length === 0
      ? undefined
      : `'git diff --no-index ${code.folders.join(" ")}' shows the lines.`;
  if (modelOf(release).versionKind !== "lambda") return undefined;
  const where =
    listedBy === undefined
      ? "one of them is in no commit of this clone"
      : `'git diff ${listedBy.map((id) => id.slice(0, 7)).join(" ")} -- lambdas/${release.service}' compares the commits that listed them`;
  return `Lambda keeps the code and settings of versions, so neither is compared: ${where}.`;
}
