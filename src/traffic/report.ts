import { table } from "../terminal/table";
import { binomialInterval, binomialTest } from "./binomial";
import { quantile } from "./quantile";

/** A version and the share of the requests that it should have. */
export interface ExpectedShare {
  readonly version: string;
  /** 0 to 100 */
  readonly percent: number;
}

/** A response that came, or did not come, to one request. */
export interface Observation {
  /** The version that it went to. @default - it reached none */
  readonly version?: string;
  readonly latencyMs: number;
  /** Its status is 400 or more, or there was no response. */
  readonly failed: boolean;
}

/** Below this the split is not what the stage says, by any sensible reading. */
const implausible = 0.001;

export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/** The table of a run, a line for each version. */
export function splitTable(observations: readonly Observation[], expected: readonly ExpectedShare[]): string {
  const rows = versionsOf(observations, expected).map((version) => {
    const percent = expected.find((one) => one.version === version)?.percent ?? 0;
    const { low, high } = binomialInterval(observations.length, percent / 100);
    const inPercent = (hits: number) => ((hits / Math.max(observations.length, 1)) * 100).toFixed(1);
    const [name, requests, share, ...rest] = rowOf(observations, version);
    return [name, requests, share, `${percent} % (${inPercent(low)} to ${inPercent(high)})`, ...rest];
  });
  return table(["version", "requests", "share", "expected (95 %)", "errors", "p50", "p95", ""], rows);
}

/** The table of a run of which no shares are expected. */
export function observedTable(observations: readonly Observation[]): string {
  const rows = versionsOf(observations, []).map((version) => rowOf(observations, version));
  return table(["version", "requests", "share", "errors", "p50", "p95", ""], rows);
}

/** Without its bars where these would break its lines: they say nothing that the numbers do not. */
export function fitted(table: string, columns = Number.POSITIVE_INFINITY): string {
  const fits = table.split("\n").every((line) => line.length <= columns);
  return fits ? table : table.replace(/ *█+$/gm, "");
}

function rowOf(observations: readonly Observation[], version: string | undefined) {
  const own = observations.filter((one) => one.version === version);
  const share = (own.length / Math.max(observations.length, 1)) * 100;
  const latencies = own.map((one) => one.latencyMs);
  return [
    version ?? "(none)",
    own.length.toLocaleString("en"),
    `${share.toFixed(1)} %`,
    own.filter((one) => one.failed).length.toLocaleString("en"),
    milliseconds(quantile(latencies, 0.5)),
    milliseconds(quantile(latencies, 0.95)),
    "█".repeat(Math.round(share / 4)),
  ] as const;
}

/** Whether the run shows the expected split, where one is expected, without a failed request. */
export function verdict(observations: readonly Observation[], expected: readonly ExpectedShare[]): Verdict {
  const failed = observations.filter((one) => one.failed).length;
  const failures =
    failed === 0
      ? "No request failed."
      : `${failed.toLocaleString("en")} ${failed === 1 ? "request" : "requests"} failed.`;
  if (expected.length === 0) return { ok: failed === 0, text: failures };

  const chance = Math.min(
    ...versionsOf(observations, expected).map((version) => {
      const hits = observations.filter((one) => one.version === version).length;
      const percent = expected.find((one) => one.version === version)?.percent ?? 0;
      return binomialTest(hits, observations.length, percent / 100);
    }),
  );
  const split =
    chance < implausible
      ? `The split is not what the stage says: chance alone gives it in ${chance.toExponential(0)} of runs.`
      : `The split is what the stage says: chance alone is as far off in ${Math.round(chance * 100)} % of runs.`;
  return {
    ok: chance >= implausible && failed === 0,
    text: failed > 0 ? `${failures} ${split}` : `${split} ${failures}`,
  };
}

/** Those that the stage names, in its order, and any other that answered. */
function versionsOf(observations: readonly Observation[], expected: readonly ExpectedShare[]) {
  return [...new Set([...expected.map((one) => one.version), ...observations.map((one) => one.version)])];
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(1)} ms`;
}
