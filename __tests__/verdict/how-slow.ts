import { type Random, seededRandom } from "../../src/rehearsal/random";
import { defaultVerdict } from "../../src/release/alarms/verdict";
import { ValueComparison } from "../../src/verdict/value-comparison";
import { latencyPercentiles, leastOfPercentile } from "../../src/verdict/verdict";
import { line } from "./how-sure";

const seed = 1;
const dayMinutes = 24 * 60;
const share = 0.1;
/** Each request takes 20 ms, and on average 50 ms more: a few take much longer. */
const [leastMs, meanMs] = [20, 50];

export const slowDays = 20;
export const slowRates = [4, 10, 30];
/** By how many percent the canary is slower. */
export const slowerPercents = [0, 30, 100];

const { latency, falseWorsePercent, falseAsGoodPercent } = defaultVerdict;
const by = latency === false ? 0 : latency.slowerPercent / 100;
const levels = { worse: 100 / falseWorsePercent, asGood: 100 / falseAsGoodPercent };

/** What these parts of all requests took no longer than, of so many requests. */
function drawPercentiles(requests: number, parts: readonly number[], random: Random): number[] {
  const ranks = parts.map((part) => Math.ceil(part * requests));
  const found: number[] = [];
  // The next longest of those that are left (Renyi 1953).
  let ms = leastMs;
  for (let rank = 1; rank <= Math.max(...ranks); rank++) {
    ms += (-Math.log(1 - random()) * meanMs) / (requests - rank + 1);
    for (const [index, wanted] of ranks.entries()) if (rank === wanted) found[index] = ms;
  }
  return found;
}

/** @returns for p50 and p95, the day's answers: after how many minutes it was worse or as good, if ever */
function drawDay(rate: number, times: number, random: Random) {
  const comparisons = latencyPercentiles.map(
    (of) => new ValueComparison(of, { direction: "lower", by }, levels),
  );
  const found = comparisons.map(() => ({ worse: 0, asGood: 0 }));
  const requests = Math.round(rate * 60);
  const ofCanary = Math.max(leastOfPercentile, Math.round(requests * share));
  for (let minute = 1; minute <= dayMinutes; minute++) {
    const stable = drawPercentiles(requests - ofCanary, [0.5, 0.95], random);
    const canary = drawPercentiles(ofCanary, [0.5, 0.95], random);
    for (const [index, comparison] of comparisons.entries()) {
      comparison.add({ stable: stable[index], canary: (canary[index] ?? 0) * times });
      const one = found[index];
      if (one === undefined) continue;
      if (comparison.isWorse) one.worse ||= minute;
      else if (comparison.result().answer === "as good") one.asGood ||= minute;
    }
    if (found.every(({ worse }) => worse > 0)) break;
  }
  return found;
}

const head = ["slower by", "requests per second", "p50", "p95"];

/** A line of the table: how often, and when, a canary that is slower by so much is found worse, or as good. */
export function slowRow(percent: number, rate: number, days = slowDays): string[] {
  const random = seededRandom(seed);
  const all = Array.from({ length: days }, () => drawDay(rate, 1 + percent / 100, random));
  return [
    `${percent} %`,
    String(rate),
    ...latencyPercentiles.map((_, index) => {
      const ofDays = all.map((one) => one[index] ?? { worse: 0, asGood: 0 });
      const kind = percent / 100 > by ? "worse" : "asGood";
      const times = ofDays.map((one) => one[kind]).filter((minute) => minute > 0);
      const wrong = ofDays.filter(({ worse }) => worse > 0).length;
      const answer = kind === "worse" ? "worse" : `worse in ${wrong} of ${days} days; as good`;
      if (times.length < days / 2) return `${answer} in ${times.length} of ${days} days`;
      const middle = times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
      return `${answer} after ${middle} min`;
    }),
  ];
}

/** @param rows of `slowRow` */
export function slowTable(rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `${line(row)}\n`).join("");
}
