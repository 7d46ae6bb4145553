import type { LiveStatus } from "../live/live-release";
import { readLiveStatus } from "../live/live-status";
import type { Together } from "../release/files/together";
import { standingOf } from "../release/standing";
import { trafficOf } from "../release/traffic";
import { coloured } from "../terminal/colour";
import { serviceTable } from "./list";
import { asJson, liveStatus, printLiveStatus } from "./live";
import { asObject, hintLines } from "./report";
import { commonSuggestions } from "./suggestions";

/** Prints a line for each service of a train, in its order, and what comes next for all. */
export function trainStatus({ reads, title, given }: Together, json: boolean, now: Date): void {
  const next = commonSuggestions(
    reads.map(({ release }) => release),
    given,
    now,
  );
  if (json) {
    const services = reads.map(({ name, path, release }) => ({
      service: name,
      file: path,
      strategy: release.strategy,
      traffic: asObject(trafficOf(release)),
      ...standingOf(release),
    }));
    console.log(JSON.stringify({ train: title, services, next: next.map(({ command }) => command) }));
    return;
  }
  const { trains } = reads[0]?.release.environment ?? {};
  const { onFailure } = trains?.[title.split("/")[1] ?? ""] ?? {};
  console.log(
    `${coloured("bold", title)}   a train, deployed in this order; if one fails, the deploy ${endText(onFailure)}\n`,
  );
  console.log(
    serviceTable(
      reads.map(({ name, release }) => ({ service: name, release })),
      now,
    ),
  );
  if (next.length > 0) console.log(`\n${hintLines(next)}`);
}

function endText(onFailure: "stop" | "take-back" | undefined): string {
  return onFailure === "take-back" ? "takes back those before it" : "stops";
}

/**
 * Prints what the files say and what AWS does, a service after the other; to a script one list.
 *
 * @returns whether nothing differs
 */
export async function liveTogether({ reads }: Together, json: boolean, now: Date): Promise<boolean> {
  const [only, ...others] = reads;
  if (only !== undefined && others.length === 0) return liveStatus(only, json, now);
  const all: LiveStatus[] = [];
  for (const [index, read] of reads.entries()) {
    const found = await readLiveStatus(read);
    all.push(found);
    if (json) continue;
    if (index > 0) console.log();
    printLiveStatus(read, found, now);
  }
  if (json) console.log(JSON.stringify(reads.map((read, index) => asJson(read, all[index] as LiveStatus))));
  return all.every(({ differences }) => differences.length === 0);
}
