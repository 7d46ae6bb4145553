import { type FunctionsRelease, isServedByApi } from "../release/release";
import type { Aws } from "./clients";
import { codeDifferences, type PackageTree } from "./code-differences";
import { type Comparison, joined } from "./comparison";
import { definitionDifferences } from "./definition-differences";
import type { LiveState } from "./live-state";
import type { LiveTraffic } from "./live-traffic";

/** Compares what the serving versions run with the files: their code, and the definitions of their deployments. */
export async function compareRunning(
  aws: Aws,
  release: FunctionsRelease,
  live: LiveState,
  traffic: LiveTraffic,
  packageTree: PackageTree,
): Promise<Comparison> {
  return joined(
    await Promise.all([
      codeDifferences(aws, release, servingVersions(release, traffic), packageTree),
      ...(isServedByApi(release) && live.api !== undefined
        ? [definitionDifferences(aws, release, live.api, traffic)]
        : []),
    ]),
  );
}

/** Those that serve by the file or in AWS, as far as the file lists them. */
function servingVersions(release: FunctionsRelease, traffic: LiveTraffic): string[] {
  const canary = "canary" in release ? release.canary?.version.name : undefined;
  const serving = [release.stable.name, canary, traffic.stable, traffic.canary?.version];
  return release.versions.map(({ name }) => name).filter((name) => serving.includes(name));
}
