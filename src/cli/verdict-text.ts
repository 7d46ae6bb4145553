import type { LiveVerdict } from "../live/live-verdict";
import { inSeconds } from "../release/time";
import type { VerdictSettings } from "../release/verdict";
import { coloured } from "../terminal/colour";
import { table } from "../terminal/table";
import type { Comparison } from "../verdict/comparison";
import { latencyPercentiles, type Verdict } from "../verdict/verdict";

/** The names of both versions. */
export interface Versions {
  readonly stable: string;
  readonly canary: string;
}

/** `10:00 to 10:57 UTC` */
export function spanText({ from, to, minutes }: Pick<LiveVerdict, "from" | "to" | "minutes">): string {
  return `${inSeconds(from)} to ${inSeconds(to)} (${minutes} min)`;
}

/** What was compared, the answer, and what it waits for. */
export function verdictLines(
  found: Verdict & Pick<LiveVerdict, "of" | "notes">,
  versions: Versions,
): string[] {
  const head = ["", `${versions.stable} (stable)`, `${versions.canary} (canary)`, "answer"];
  const rows = found.comparisons.map((one) => [
    one.name,
    valueText(one, "stable"),
    valueText(one, "canary"),
    one.leftOut === undefined ? one.answer : "not compared",
  ]);
  const left = found.comparisons.flatMap(({ name, leftOut }) => (leftOut ? [`${name}: ${leftOut}`] : []));
  const notes = [...found.notes, ...left].map((note) => `not compared   ${note}`);
  return [table(head, rows), "", answerLine(found, versions), ...notes];
}

const colours = { "as good": "green", worse: "red", "not enough yet": "yellow" } as const;

/** `not enough yet: about 35 more minutes to see a doubling of 0.8 %` */
export function answerLine(
  found: Verdict,
  { canary }: Versions,
  output: Pick<NodeJS.WriteStream, "isTTY"> = process.stdout,
): string {
  return `${coloured(colours[found.answer], found.answer, output)}: ${reason(found, canary)}`;
}

function reason({ answer, comparisons, requests, why }: Verdict, canary: string): string {
  if (answer === "worse") {
    const worse = comparisons.filter((one) => one.answer === "worse").map(({ name }) => name);
    return `${canary} is worse in ${worse.join(", ")}`;
  }
  if (answer === "as good") return `nothing that matters is worse in ${canary}`;
  if (why !== undefined) return why;
  const open = comparisons.filter((one) => one.answer === "not enough yet" && one.leftOut === undefined);
  if (requests.canary === 0) return `${canary} has answered nothing in these minutes`;
  if (requests.stable === 0) return "stable has answered nothing in these minutes, so nothing is compared";
  return open.map(aheadText).join("; ");
}

function aheadText({ name, seen, minutesToAsGood, unit }: Comparison): string {
  const good =
    minutesToAsGood === undefined ? undefined : `${about(minutesToAsGood)} to see that it is as good`;
  if (unit === "value") return `${name}: ${good ?? "no minute has a value of both"}`;
  if (seen === undefined) return `${name}: no requests of both in the last 15 minutes`;
  const bad =
    seen.minutes === undefined ? undefined : `${about(seen.minutes)} to see ${differenceText(seen)}`;
  return `${name}: ${[bad, good].filter((one) => one !== undefined).join(", ") || "not at this rate"}`;
}

function about(minutes: number): string {
  if (minutes <= 90) return `about ${minutes} more minute${minutes === 1 ? "" : "s"}`;
  return minutes <= 48 * 60
    ? `about ${Math.round(minutes / 60)} more hours`
    : `about ${Math.round(minutes / 1440)} more days`;
}

/** `a doubling of 0.8 %` */
function differenceText({ stable, canary }: NonNullable<Comparison["seen"]>): string {
  const isDoubling = stable > 0 && Math.abs(canary / stable - 2) < 0.01;
  return isDoubling
    ? `a doubling of ${percentText(stable)}`
    : `${percentText(canary)} beside ${percentText(stable)}`;
}

function valueText({ unit, of, minutes, ...one }: Comparison, role: "stable" | "canary"): string {
  const value = one[role];
  if (value === undefined || minutes?.compared === 0) return "-";
  if (unit === "value") return isLatency(one.name) ? `${rounded(value)} ms` : rounded(value);
  return `${percentText(value)} of ${of?.[role].requests.toLocaleString("en") ?? 0}`;
}

function isLatency(name: string): boolean {
  return latencyPercentiles.some((one) => one === name);
}

function percentText(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** Three digits that count. */
function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** Every number with its meaning. */
export function explanationLines(
  { comparisons, of }: Verdict & Pick<LiveVerdict, "of">,
  versions: Versions,
  settings: VerdictSettings,
): string[] {
  const counted = comparisons.filter(({ leftOut }) => leftOut === undefined).length;
  return [
    `What is counted: ${of}, minute by minute, of both versions in the same minutes.`,
    `Evidence begins at 1. While a claim is true, its evidence ever reaches 100 with a chance of 1 in 100 at most.`,
    `False alarms: at most ${settings.falseWorsePercent} % of the versions that are no worse are called worse, shared by ${counted} comparisons.`,
    `False "as good": at most ${settings.falseAsGoodPercent} % of the versions that are worse by what matters.`,
    ...comparisons.flatMap((one) => ["", ...comparisonLines(one, versions, settings)]),
  ];
}

function comparisonLines(one: Comparison, { stable, canary }: Versions, settings: VerdictSettings): string[] {
  const { name, evidence, needed, minutes, of } = one;
  const counts = (role: "stable" | "canary") =>
    `${of?.[role].failed.toLocaleString("en")} of ${of?.[role].requests.toLocaleString("en")}`;
  const where = one.answer === "worse" ? " in the minutes that speak against it" : "";
  const what =
    of === undefined
      ? `${canary} is worse than ${stable} by what matters in ${minutes?.worse} of ${minutes?.compared} minutes with a value of both; the values shown are means of those minutes`
      : `${canary} ${counts("canary")}, ${stable} ${counts("stable")}${where}`;
  return [
    `${name}: ${what}`,
    `  what matters: ${mattersText(one, stable, settings)}`,
    `  evidence that ${canary} is worse: at most ${rounded(evidence.worse)} up to now, of ${rounded(needed.worse)} needed`,
    `  evidence that it is not worse by what matters: ${rounded(evidence.asGood)} now, of ${rounded(needed.asGood)} needed`,
  ];
}

function mattersText({ name, unit }: Comparison, stable: string, settings: VerdictSettings): string {
  const { smallestDifference, latency, metrics } = settings;
  const own = metrics.find((one) => one.name === name);
  if (own)
    return `${own.direction === "lower" ? "above" : "below"} ${stable}'s by ${own.differencePercent} %`;
  if (unit === "value")
    return `longer than ${stable}'s by ${latency === false ? 0 : latency.slowerPercent} %`;
  const { points, relativePercent } = smallestDifference;
  return `above ${stable}'s share by ${points} points or ${relativePercent} % of it, the larger of the two`;
}
