import { deployedFunctions, type Release } from "./release";
import type { Trigger } from "./triggers";

/** What the releases of an environment use and do not make: a deploy may use exactly these. */
export interface UsedResources {
  /** KMS keys of the functions' environment variables. */
  readonly keys: readonly string[];
  /** What invokes the functions besides APIs. */
  readonly triggers: readonly Trigger[];
}

export function usedResources(releases: readonly Release[]): UsedResources {
  const settings = releases.flatMap((release) => deployedFunctions(release).map((one) => one.settings));
  return {
    keys: distinct(settings.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? [])),
    triggers: releases.flatMap((release) => ("triggers" in release ? release.triggers : [])),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
