import type { ReleaseFile } from "./defaults";
import type { Release } from "./release";
import { versionsInFile } from "./release-context";
import { type Split, sharesOf, type Traffic } from "./split";
import { type Standing, standingOf } from "./steps/standing";

/** The share of each version by a release, in the order of the file; `blue` and `preview` have none of it. */
export function trafficOf(release: Release): Traffic {
  return sharesOf(
    splitBy(standingOf(release)),
    release.versions.map(({ name }) => name),
  );
}

/** The same by a file that may have problems. */
export function trafficInFile(file: Pick<ReleaseFile, "versions" | "stable" | "canary">): Traffic {
  return sharesOf(splitBy(file), Object.keys(versionsInFile(file)));
}

/** Who serves the stage that users call; where CodeDeploy moves users, the file says stable. */
export function splitBy(standing: Pick<Standing, "stable" | "canary">): Split {
  const { stable, canary } = standing;
  return { stable, canary: canary && { version: canary.version, percent: canaryPercent(standing) } };
}

/** The canary's share by the file: 0 without one, and where CodeDeploy gives it, for the file does not know it. */
export function canaryPercent({ canary }: Pick<Standing, "canary">): number {
  return canary?.percent ?? 0;
}
