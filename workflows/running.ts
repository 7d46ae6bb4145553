import type { Comparison } from "../live/comparison";
import { readLiveStatus } from "../release/cli/live-status";
import { type ReadRelease, Unable } from "../release/cli/project";
import { readService } from "../release/file";
import { filesOnDisk } from "../release/project-files";
import type { Release } from "../release/release";

/**
 * Holds what AWS serves and runs of a deployed service against its files.
 *
 * @returns whether nothing differs
 * @throws {Unable} where something could not be compared
 */
export async function checkRunning(
  read: Pick<ReadRelease, "project" | "context" | "name">,
): Promise<boolean> {
  const { name } = read;
  const { differences, unknown, troubles } = await readLiveStatus(read);
  for (const line of differences) console.log(`${name}: ${line}`);
  for (const line of unknown) console.log(`${name}: not known: ${line}`);
  if (troubles.length > 0)
    throw new Unable(...troubles.map((line) => `${name} could not be compared with AWS: ${line}`));
  if (differences.length === 0)
    console.log(`${name}: AWS is as the file says${unknown.length > 0 ? ", as far as it was compared" : ""}`);
  return differences.length === 0;
}

/** The same for a report: whatever keeps it from being compared is a trouble of this service alone. */
export async function runningOf(project: string, release: Release): Promise<Comparison> {
  try {
    const { context } = readService(filesOnDisk(project), release.environment.name, release.service);
    if (context === undefined) throw new Error("its release file cannot be read");
    const { differences, unknown, troubles } = await readLiveStatus({ project, context });
    return { differences, unknown, troubles };
  } catch (error) {
    return { differences: [], unknown: [], troubles: [(error as Error).message] };
  }
}
