import type { LiveStatus } from "../live/live-release";
import { readLiveStatus } from "../live/live-status";
import { onFailureText, trainNamed } from "../release/environment/train";
import { serviceName } from "../release/files/project";
import type { Together } from "../release/files/together";
import { coloured } from "../terminal/colour";
import { serviceTable } from "./list";
import { asJson, liveStatus, printLiveStatus } from "./live";
import { hintLines } from "./report";
import { standingJson } from "./status";
import { commonSuggestions } from "./suggestions";

/** Prints a line for each service of a train, in its order, and what comes next for all. */
export function trainStatus({ reads, title, given }: Together, json: boolean, now: Date): void {
  const next = commonSuggestions(
    reads.map(({ release }) => release),
    given,
    now,
  );
  if (json) {
    const services = reads.map(standingJson);
    console.log(JSON.stringify({ train: title, services, next: next.map(({ command }) => command) }));
    return;
  }
  const trains = reads[0]?.release.environment.trains ?? {};
  const onFailure = trainNamed(trains, serviceName(title).service)?.onFailure;
  console.log(`${coloured("bold", title)}   a train, deployed in this order; ${onFailureText(onFailure)}\n`);
  console.log(
    serviceTable(
      reads.map(({ name, release }) => ({ service: name, release })),
      now,
    ),
  );
  if (next.length > 0) console.log(`\n${hintLines(next)}`);
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
