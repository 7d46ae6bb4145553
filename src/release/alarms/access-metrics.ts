import type { Release } from "../release";
import { modelOf } from "../strategies/strategies";

/** The parts that the lines of a stage's access log distinguish. */
export const accessRoles = ["stable", "canary"] as const;
export type AccessRole = (typeof accessRoles)[number];

/** What is counted of the answers of each. */
export const accessCounts = ["Requests", "4xx", "5xx", "Latency"] as const;
export type AccessCount = (typeof accessCounts)[number];

/** A metric of CloudWatch's. */
export interface Metric {
  /** CloudWatch's namespace: `AWS/Lambda`. */
  readonly namespace: string;
  /** Its name within the namespace. */
  readonly metricName: string;
  /** Values by the names of its dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * A metric that is counted in the access log of a release's stage, such as `Canary5xx` in `LambdaRelease/shop-dev`. It
 * is the part's, whichever version has it: what counts it changes with no step. A dimension could only be a field of
 * the log's lines, and none of them names the version.
 */
export function accessMetric(release: string, role: AccessRole, count: AccessCount): Metric {
  const metricName = `${role === "canary" ? "Canary" : "Stable"}${count}`;
  return { namespace: `LambdaRelease/${release}`, metricName, dimensions: {} };
}

/**
 * Whether a release's requests are counted there: if a canary's are counted separately, and something shows or judges them.
 * Without access logs the dashboard shows the whole stage.
 */
export function isCountedInAccessLogs(release: Release): boolean {
  if (!modelOf(release).answersScopes.includes("canary")) return false;
  if (!("stage" in release && release.stage?.accessLogs)) return false;
  return release.dashboard || release.alarms?.answers?.on.includes("canary") === true;
}
