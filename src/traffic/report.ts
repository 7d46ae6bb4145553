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
  /** API Gateway's id of the request. @default - there was no response, or it has none */
  readonly requestId?: string;
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

/** The table of a run and its verdict, for the terminal. @param expected empty where any split is good */
export function runReport(observations: readonly Observation[], expected: readonly ExpectedShare[]): Verdict {
  const { ok, text } = verdict(observations, expected);
  const width = widthOf(process.stdout, 80);
  const table = expected.length > 0 ? splitTable(observations, expected) : observedTable(observations);
  return { ok, text: `${fitted(table, width)}\n\n${wrapped(text, width)}` };
}

/** The table of a run, a line for each version. */
export function splitTable(observations: readonly Observation[], expected: readonly ExpectedShare[]): string {
  const rows = versionsOf(observations, expected).map((version) => {
    const [name, requests, share, ...rest] = rowOf(observations, version);
    return [name, requests, share, expectedText(version, observations.length, expected), ...rest];
  });
  return table(["version", "requests", "share", "expected (95 %)", "errors", "p50", "p95", ""], rows, gap);
}

/** The table of a run of which no shares are expected. */
export function observedTable(observations: readonly Observation[]): string {
  const rows = versionsOf(observations, []).map((version) => rowOf(observations, version));
  return table(["version", "requests", "share", "errors", "p50", "p95", ""], rows, gap);
}

/** The table of invocations of which no single one is known, and whether their split is the expected one. */
export function invocationReport(
  invocations: ReadonlyMap<string, number>,
  expected: readonly ExpectedShare[],
): Verdict {
  const all = [...invocations.values()].reduce((sum, one) => sum + one, 0);
  const versions = [...new Set([...expected.map(({ version }) => version), ...invocations.keys()])];
  const rows = versions.map((version) => {
    const hits = invocations.get(version) ?? 0;
    const [share, bar] = shareOf(hits, all);
    return [version, hits.toLocaleString("en"), share, expectedText(version, all, expected), bar];
  });
  const width = widthOf(process.stdout, 80);
  const shown = fitted(table(["version", "invocations", "share", "expected (95 %)", ""], rows, gap), width);
  const { ok, text } = splitVerdict(
    (version) => invocations.get(version ?? "") ?? 0,
    all,
    versions,
    expected,
  );
  return { ok, text: `${shown}\n\n${wrapped(text, width)}` };
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
  const [share, bar] = shareOf(own.length, observations.length);
  const latencies = own.map((one) => one.latencyMs);
  return [
    version ?? "(none)",
    own.length.toLocaleString("en"),
    share,
    own.filter((one) => one.failed).length.toLocaleString("en"),
    milliseconds(quantile(latencies, 0.5)),
    milliseconds(quantile(latencies, 0.95)),
    bar,
  ] as const;
}

/** A share of all in percent, and as a bar. */
function shareOf(hits: number, all: number): readonly [string, string] {
  const share = (hits / Math.max(all, 1)) * 100;
  return [`${share.toFixed(1)} %`, "█".repeat(Math.round((share / 100) * longestBar))];
}

/** The expected share of a version, and which shares 95 % of runs stay within. */
function expectedText(version: string | undefined, all: number, expected: readonly ExpectedShare[]): string {
  const percent = percentOf(version, expected);
  const { low, high } = binomialInterval(all, percent / 100);
  const inPercent = (hits: number) => ((hits / Math.max(all, 1)) * 100).toFixed(1);
  return `${percent} % (${inPercent(low)} to ${inPercent(high)})`;
}

function percentOf(version: string | undefined, expected: readonly ExpectedShare[]): number {
  return expected.find((one) => one.version === version)?.percent ?? 0;
}

/** Whether the run shows the expected split, where one is expected, without a failed request. */
export function verdict(observations: readonly Observation[], expected: readonly ExpectedShare[]): Verdict {
  const failed = observations.filter((one) => one.failed).length;
  const failures =
    failed === 0
      ? "No request failed."
      : `${failed.toLocaleString("en")} ${failed === 1 ? "request" : "requests"} failed.`;
  if (expected.length === 0) return { ok: failed === 0, text: failures };

  const hitsOf = (version?: string) => observations.filter((one) => one.version === version).length;
  const split = splitVerdict(hitsOf, observations.length, versionsOf(observations, expected), expected);
  return {
    ok: split.ok && failed === 0,
    text: failed > 0 ? `${failures}\n${split.text}` : `${split.text}\n${failures}`,
  };
}

/** Whether so many hits of each version are plausible. */
function splitVerdict(
  hitsOf: (version: string | undefined) => number,
  all: number,
  versions: readonly (string | undefined)[],
  expected: readonly ExpectedShare[],
): Verdict {
  const chance = Math.min(
    ...versions.map((version) => binomialTest(hitsOf(version), all, percentOf(version, expected) / 100)),
  );
  const ok = chance >= implausible;
  return {
    ok,
    text: ok
      ? `The split is as expected: by chance, ${Math.round(chance * 100)} % of runs are at least this far off.`
      : `The split is not as expected: by chance, only ${chance.toExponential(0)} of runs are this far off.`,
  };
}

/** Those that the stage names, in its order, and any other that answered. */
function versionsOf(observations: readonly Observation[], expected: readonly ExpectedShare[]) {
  return [...new Set([...expected.map((one) => one.version), ...observations.map((one) => one.version)])];
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "-" : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
