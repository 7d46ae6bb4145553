import { deployedFunctions, type Release } from "./release";

/** What the releases of an environment use and do not make: a deploy may use exactly these. */
export interface UsedResources {
  /** KMS keys of the functions' environment variables. */
  readonly keys: readonly string[];
}

export function usedResources(releases: readonly Release[]): UsedResources {
  const settings = releases.flatMap((release) => deployedFunctions(release).map((one) => one.settings));
  return { keys: distinct(settings.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? [])) };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
