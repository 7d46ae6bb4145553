import type { HistoryEntry } from "../history/entry";
import { type ReadRelease, Unable } from "../release/files/project";
import type { Traffic } from "../release/split";
import { inSeconds } from "../release/time";
import { coloured } from "../terminal/colour";
import { printable } from "../terminal/printable";
import { table } from "../terminal/table";
import { widthOf } from "../terminal/width";
import { asObject } from "./report";
import { type Cli, serviceArgument } from "./verb";

interface HistoryOptions {
  readonly live: boolean;
  readonly json: boolean;
}

export function addHistory({ program }: Cli): void {
  program
    .command("history")
    .description("who served what, since when, by whom and why: from git, and from AWS")
    .argument("<service>", serviceArgument)
    .option("--live", "also show what AWS records: stops and CodeDeploy deployments", false)
    .option("--json", "for scripts", false)
    .action(async (service, options) => {
      const { readRelease } = await import("../release/files/project.js");
      await history(readRelease(service), options);
    });
}

/** Prints every change of who serves what, the newest first. */
async function history(read: ReadRelease, { live, json }: HistoryOptions): Promise<void> {
  const { fileHistory } = await import("../history/file-history.js");
  const { entries: ofFile, isShallow } = fileHistory(read);
  const entries = [...ofFile, ...(live ? await ofAws(read) : [])].sort(byTime).reverse();
  if (json) {
    console.log(
      JSON.stringify({
        service: read.name,
        file: read.path,
        isComplete: !isShallow,
        entries: entries.map(asJson),
      }),
    );
    return;
  }
  console.log(`${coloured("bold", read.name)}   ${read.release.strategy}, ${read.path}\n`);
  console.log(historyTable(entries));
  if (isShallow)
    console.log("\nThis clone is shallow: 'git fetch --unshallow' brings the commits before these.");
}

async function ofAws({ release, name }: ReadRelease): Promise<HistoryEntry[]> {
  const { awsHistory } = await import("../history/aws-history.js");
  try {
    return await awsHistory(release);
  } catch (error) {
    throw Unable.causedBy(error, `what AWS records of ${name} is not known: ${(error as Error).message}`);
  }
}

/** What is not committed yet is the last. At the same second a commit comes before what AWS did with it. */
function byTime(one: HistoryEntry, other: HistoryEntry): number {
  const timeOf = ({ at }: HistoryEntry) => at?.getTime() ?? Number.POSITIVE_INFINITY;
  return timeOf(one) < timeOf(other) ? -1 : Number(timeOf(one) > timeOf(other));
}

function historyTable(entries: readonly HistoryEntry[]): string {
  const head = ["when", "change", "serves then", "by", "commit", "why"];
  const rows = entries.map(({ at, move, shares, by = "-", commit, pullRequest, why = "-" }) => [
    at === undefined ? "-" : inSeconds(at),
    move,
    shares === undefined ? "-" : sharesText(shares.to),
    by,
    commit === undefined
      ? "-"
      : `${commit.slice(0, 7)}${pullRequest === undefined ? "" : ` #${pullRequest}`}`,
    why,
  ]);
  const shown = table(
    head,
    rows.map((row) => row.map(printable)),
  );
  // A reason may be long, and stands last: on a terminal the table keeps a line for each entry.
  const width = widthOf(process.stdout);
  return shown
    .split("\n")
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join("\n");
}

/** `v1 90 %, v2 10 %`: those that have users. */
function sharesText(traffic: Traffic): string {
  return [...traffic]
    .filter(([, percent]) => percent > 0)
    .map(([version, percent]) => `${version} ${percent} %`)
    .join(", ");
}

function asJson({ at, shares, ...entry }: HistoryEntry) {
  return {
    at: at && inSeconds(at),
    ...entry,
    from: shares && asObject(shares.from),
    to: shares && asObject(shares.to),
  };
}
