import { withAws } from "../live/clients";
import type { Release } from "../release/release";
import { modelOf } from "../release/strategies/strategies";
import { recordShare } from "./record-share";

/**
 * Records the share that a command has just made live, as the guard would within a minute.
 *
 * @param now a time after the move
 * @returns why it is not recorded, or nothing. The pointer is moved by then, so this fails nothing
 */
export async function recordMovedShare(release: Release, now: Date): Promise<string | undefined> {
  if (release.versionKind === "container" || release.guard === undefined) return undefined;
  // Of a stage AWS says it, and nothing is recorded.
  if (modelOf(release).movedBy !== "alias") return undefined;
  try {
    await withAws(release.environment, undefined, (aws) => recordShare(aws, { release }, now));
    return undefined;
  } catch (error) {
    const service = `${release.environment.name}/${release.service}`;
    return `the time of ${service}'s share is not recorded, and its guard does it within a minute: ${(error as Error).message}`;
  }
}
