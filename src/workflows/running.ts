import { type Comparison, joined } from "../live/comparison";
import { readLiveStatus, verdictOf } from "../live/live-status";
import { type ReadRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";

/**
 * Compares what AWS serves and runs of deployed services with their files.
 *
 * @returns whether nothing differs
 * @throws {Unable} where something could not be compared, when all else was
 */
export async function checkRunning(
  services: readonly Pick<ReadRelease, "project" | "release" | "name">[],
): Promise<boolean> {
  const found: Comparison[] = [];
  for (const service of services) {
    const { name } = service;
    const status = await readLiveStatus(service);
    for (const line of status.differences) console.log(`${name}: ${line}`);
    for (const line of status.unknown) console.log(`${name}: not known: ${line}`);
    const verdict = verdictOf(status);
    if (verdict !== undefined) console.log(`${name}: ${verdict}`);
    found.push({ ...status, troubles: status.troubles.map((line) => `${name} is not compared: ${line}`) });
  }
  const { differences, troubles } = joined(found);
  if (troubles.length > 0) throw new Unable(...troubles);
  return differences.length === 0;
}

/** The same for a report: whatever keeps it from being compared is a trouble of this service alone. */
export async function runningOf(project: string, release: Release): Promise<Comparison> {
  try {
    const { differences, unknown, troubles } = await readLiveStatus({ project, release });
    return { differences, unknown, troubles };
  } catch (error) {
    return { differences: [], unknown: [], troubles: [(error as Error).message] };
  }
}
