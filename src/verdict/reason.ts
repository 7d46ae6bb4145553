import { counted } from "../release/counted";
import type { Comparison } from "./comparison";
import { latencyPercentiles, type Verdict } from "./verdict";

/**
 * Why a verdict is as it is, in one line: what is worse, or how long it takes until more is known.
 *
 * @param canary name of the version
 */
export function reasonOf({ answer, comparisons, requests, why }: Verdict, canary: string): string {
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
  if (minutes <= 90) return `about ${counted(minutes, "more minute")}`;
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

/** The same with the numbers of what is worse: `failed answers (2 % of 600 requests, beside 0.0926 % of 5,400)`. */
export function worseText({ comparisons }: Verdict): string {
  return comparisons
    .filter(({ answer }) => answer === "worse")
    .map((one) => `${one.name} (${numbersText(one)})`)
    .join(", ");
}

function numbersText({ name, unit, of, minutes, stable = 0, canary = 0 }: Comparison): string {
  if (unit === "share" && of !== undefined) {
    const count = (role: "stable" | "canary") => of[role].requests.toLocaleString("en");
    return `${percentText(canary)} of ${count("canary")}, beside ${percentText(stable)} of ${count("stable")}`;
  }
  return `${measuredText(name, canary)} beside ${measuredText(name, stable)}, worse in ${minutes?.worse} of ${minutes?.compared} minutes`;
}

/** A value of a percentile, with its unit, or of a metric of the user's own. */
export function measuredText(name: string, value: number): string {
  return latencyPercentiles.some((one) => one === name) ? `${rounded(value)} ms` : rounded(value);
}

export function percentText(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** Three digits that count. */
export function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 });
}
