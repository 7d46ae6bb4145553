import type { AwsProvider } from "../aws/aws-provider";
import { deployedFunctions, type Release } from "../release";
import { type RuntimeNotice, runtimeNotice } from "./runtime-notice";

/** By runtime of the releases' functions, the services that have it: `dev/shop`. */
export function usedRuntimes(releases: readonly Release[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, Set<string>>();
  for (const release of releases) {
    for (const { settings, source } of deployedFunctions(release)) {
      if (source.language === "image") continue;
      const services = users.get(settings.runtime) ?? new Set();
      users.set(settings.runtime, services.add(`${release.environment.name}/${release.service}`));
    }
  }
  return new Map([...users].map(([runtime, services]) => [runtime, [...services]]));
}

/** What is to be known of the releases' runtimes on a day, with the services that have them. */
export function usedRuntimeNotices(
  releases: readonly Release[],
  now: Date,
  provider?: AwsProvider,
): readonly (RuntimeNotice & { readonly services: readonly string[] })[] {
  return [...usedRuntimes(releases)].flatMap(([runtime, services]) => {
    const notice = runtimeNotice(runtime, now, provider);
    return notice === undefined ? [] : [{ ...notice, services }];
  });
}
