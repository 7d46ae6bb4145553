import { Percent } from "./percent";
import { versionsInFile } from "./release-context";
import type { ReleaseFile } from "./schema";

/** The share of the users' traffic that each listed version gets, 0 to 100, in the order of the file. */
export type Traffic = ReadonlyMap<string, number>;

/** What a release file says of the stage that users call; `blue` and `preview` are none of it. */
export function trafficOf(file: Pick<ReleaseFile, "strategy" | "versions" | "stable" | "canary">): Traffic {
  const { stable, canary } = file;
  const share = canaryPercent(file);
  const percentOf = (version: string) => {
    if (version === stable) return Percent.of(share).rest.value;
    return version === canary?.version ? share : 0;
  };
  return new Map(Object.keys(versionsInFile(file)).map((version) => [version, percentOf(version)]));
}

/** The canary's share by the file: 0 without one, and where CodeDeploy gives it, for the file does not know it. */
export function canaryPercent({ strategy, canary }: Pick<ReleaseFile, "strategy" | "canary">): number {
  return canary === undefined || isMovedByCodeDeploy({ strategy }) ? 0 : shareOf(canary);
}

/** The canary with its share, where the file leaves that to the default; without one where CodeDeploy gives it. */
export function canaryOf(file: Pick<ReleaseFile, "strategy" | "canary">): ReleaseFile["canary"] {
  if (file.canary === undefined || isMovedByCodeDeploy(file)) return file.canary;
  return { ...file.canary, percent: shareOf(file.canary) };
}

/** A canary's share where the file gives it. */
export function shareOf({ percent = 10 }: { readonly percent?: number }): number {
  return percent;
}

/** Whether the file names the canary, and CodeDeploy moves the traffic. */
export function isMovedByCodeDeploy({ strategy }: Pick<ReleaseFile, "strategy">): boolean {
  return strategy === "codedeploy-alias" || strategy === "ecs-blue-green";
}
