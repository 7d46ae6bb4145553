import { versionsInFile } from "./release-context";
import type { ReleaseFile } from "./schema";
import { type Split, sharesOf, type Traffic } from "./split";

/** What a release file says of the stage that users call; `blue` and `preview` are none of it. */
export function splitOf(file: Pick<ReleaseFile, "stable" | "canary">): Split {
  const { stable, canary } = file;
  return { stable, canary: canary && { version: canary.version, percent: canaryPercent(file) } };
}

/** The share of each listed version, in the order of the file. */
export function trafficOf(file: Pick<ReleaseFile, "versions" | "stable" | "canary">): Traffic {
  return sharesOf(splitOf(file), Object.keys(versionsInFile(file)));
}

/** The canary's share by the file: 0 without one, and where CodeDeploy gives it, for the file does not know it. */
export function canaryPercent({ canary }: Pick<ReleaseFile, "canary">): number {
  return canary?.percent ?? 0;
}
