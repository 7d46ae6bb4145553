import type { VerdictSettings } from "../release/alarms/verdict";
import { inSeconds } from "../release/time";
import { coloured } from "../terminal/colour";
import { table } from "../terminal/table";
import type { Comparison } from "../verdict/comparison";
import { measuredText, percentText, reasonOf, rounded } from "../verdict/reason";
import type { Verdict } from "../verdict/verdict";
import type { LiveVerdict } from "./live-verdict";

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
  return `${coloured(colours[found.answer], found.answer, output)}: ${reasonOf(found, canary)}`;
}

function valueText({ unit, of, minutes, ...one }: Comparison, role: "stable" | "canary"): string {
  const value = one[role];
  if (value === undefined || minutes?.compared === 0) return "-";
  if (unit === "value") return measuredText(one.name, value);
  return `${percentText(value)} of ${of?.[role].requests.toLocaleString("en") ?? 0}`;
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
