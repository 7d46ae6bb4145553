import { table } from "../terminal/table";
import { widthOf, wrapped } from "../terminal/width";
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

/** Below this chance the split is not the expected one, by any sensible reading. */
const implausible = 0.001;

/** Spaces between two columns: with more there is no room for bars in 80 columns. */
const gap = 2;
/** Of 100 percent, in columns. */
const longestBar = 25;
const shortestBar = 5;

export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/**
 * The table of a run and its verdict, for the terminal.
 *
 * @param expected empty where any split is good
 * @param one what one observation is of
 */
export function runReport(
  observations: readonly Observation[],
  expected: readonly ExpectedShare[],
  one = "request",
): Verdict {
  const { ok, text } = verdict(observations, expected, one);
  const width = widthOf(process.stdout, 80);
  const table = expected.length > 0 ? splitTable(observations, expected, one) : observedTable(observations);
  return { ok, text: `${fitted(table, width)}\n\n${wrapped(text, width)}` };
}

/** The table of a run, a line for each version. */
export function splitTable(
  observations: readonly Observation[],
  expected: readonly ExpectedShare[],
  one = "request",
): string {
  const rows = versionsOf(observations, expected).map((version) => {
    const percent = expected.find((one) => one.version === version)?.percent ?? 0;
    const { low, high } = binomialInterval(observations.length, percent / 100);
    const inPercent = (hits: number) => ((hits / Math.max(observations.length, 1)) * 100).toFixed(1);
    const [name, requests, share, ...rest] = rowOf(observations, version);
    return [name, requests, share, `${percent} % (${inPercent(low)} to ${inPercent(high)})`, ...rest];
  });
  return table(["version", `${one}s`, "share", "expected (95 %)", "errors", "p50", "p95", ""], rows, gap);
}

/** The table of a run of which no shares are expected. */
export function observedTable(observations: readonly Observation[]): string {
  const rows = versionsOf(observations, []).map((version) => rowOf(observations, version));
  return table(["version", "requests", "share", "errors", "p50", "p95", ""], rows, gap);
}

/** A table whose bars have the room that is left in so many columns, or are left out where that is too little. */
export function fitted(table: string, columns = 80): string {
  const room = columns - Math.max(...table.split("\n").map((line) => line.indexOf("█")));
  if (room >= longestBar) return table;
  if (room < shortestBar) return table.replace(/ *█+$/gm, "");
  return table.replace(/ *(█+)$/gm, (whole, bar: string) => {
    const shorter = "█".repeat(Math.round((bar.length * room) / longestBar));
    return (whole.replaceAll("█", "") + shorter).trimEnd();
  });
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
    "█".repeat(Math.round((share / 100) * longestBar)),
  ] as const;
}

/** Whether the run shows the expected split, where one is expected, without a failed request. */
export function verdict(
  observations: readonly Observation[],
  expected: readonly ExpectedShare[],
  one = "request",
): Verdict {
  const failed = observations.filter((one) => one.failed).length;
  const failures =
    failed === 0
      ? `No ${one} failed.`
      : `${failed.toLocaleString("en")} ${failed === 1 ? one : `${one}s`} failed.`;
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
      ? `The split is not as expected: by chance, only ${chance.toExponential(0)} of runs are this far off.`
      : `The split is as expected: by chance, ${Math.round(chance * 100)} % of runs are at least this far off.`;
  return {
    ok: chance >= implausible && failed === 0,
    text: failed > 0 ? `${failures}\n${split}` : `${split}\n${failures}`,
  };
}

/** Those that the stage names, in its order, and any other that answered. */
function versionsOf(observations: readonly Observation[], expected: readonly ExpectedShare[]) {
  return [...new Set([...expected.map((one) => one.version), ...observations.map((one) => one.version)])];
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
