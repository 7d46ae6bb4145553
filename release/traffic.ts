import { Percent } from "./percent";
import { versionsInFile } from "./release-context";
import type { ReleaseFile } from "./schema";

/** The share of the users' traffic that each listed version gets, 0 to 100, in the order of the file. */
export type Traffic = ReadonlyMap<string, number>;

/** What a release file says of the stage that users call; `blue` and `preview` are none of it. */
export function trafficOf(file: Pick<ReleaseFile, "versions" | "stable" | "canary">): Traffic {
  const { stable, canary } = file;
  const canaryPercent = canary === undefined ? 0 : canary.percent;
  const percentOf = (version: string) => {
    if (version === stable) return Percent.of(canaryPercent).rest.value;
    return version === canary?.version ? canaryPercent : 0;
  };
  return new Map(Object.keys(versionsInFile(file)).map((version) => [version, percentOf(version)]));
}
