import { functionsOfVersion, liveAlias, versionAlias } from "../pointer";
import type { FunctionsRelease } from "../release";
import { modelOf } from "../strategies/strategies";
import { type AccessRole, accessMetric, type Metric } from "./access-metrics";

/** The metrics that count what a version did for users. */
export interface VersionCounts {
  /** Answers to requests, or invocations of functions where the requests of a version are not counted. */
  readonly of: "requests" | "invocations";
  /** Metrics whose sum counts all requests or invocations. */
  readonly all: readonly Metric[];
  /** Metrics whose sum counts those that failed. */
  readonly failed: readonly Metric[];
}

/**
 * What counts the version that serves as stable or canary, of what the release has anyway.
 *
 * @param inAccessLogs whether its requests are counted in the access logs
 */
export function versionCounts(
  release: FunctionsRelease,
  { version, role }: { readonly version: string; readonly role: AccessRole },
  inAccessLogs: boolean,
): VersionCounts {
  if (inAccessLogs)
    return {
      of: "requests",
      all: [accessMetric(release.name, role, "Requests")],
      failed: [accessMetric(release.name, role, "5xx")],
    };
  const dimensions = invocationsOf(release, version);
  const metrics = (metricName: string) =>
    dimensions.map((one): Metric => ({ namespace: "AWS/Lambda", metricName, dimensions: one }));
  return { of: "invocations", all: metrics("Invocations"), failed: metrics("Errors") };
}

/**
 * By which Lambda's metrics tell the invocations of a version, for each of its functions.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
 */
function invocationsOf(release: FunctionsRelease, name: string): Metric["dimensions"][] {
  const { aliasOf } = modelOf(release);
  const version = release.versions.find((one) => one.name === name);
  if (version === undefined) return [];
  if ("functions" in version) return version.functions.map(({ awsName }) => ({ FunctionName: awsName }));
  return functionsOfVersion(version, release.functions).map(({ name, awsName }) => {
    const alias = aliasOf === "all" ? liveAlias : versionAlias(version.name);
    const ofAlias = { FunctionName: awsName, Resource: `${awsName}:${alias}` };
    return aliasOf === "all" ? { ...ofAlias, ExecutedVersion: version.numbers[name] ?? "" } : ofAlias;
  });
}
