import { type Random, seededRandom } from "../../src/rehearsal/random";
import { drawBinomial } from "../../src/rehearsal/rollout/draw-binomial";
import { defaultVerdict } from "../../src/release/alarms/verdict";
import { ShareComparison } from "../../src/verdict/share-comparison";
import type { ShareMinute } from "../../src/verdict/share-minute";
import { FailedInMinute, fewestFailures, MannWhitney, type MinuteTest, SuccessShare } from "./other-tests";

const seed = 1;
const dayMinutes = 24 * 60;
/** The canary's share of the requests. */
const share = 0.1;
/** In percent: how often stable, and a version that is as good, fail. */
export const goodPercent = 0.1;
export const failingPercents = [0.5, 1, 2, 5];
export const rates = [1, 10, 100];

/** Versions for each cell of the first table. */
export const draws = 100;
/** Days for each line of the second one. */
export const days = 400;
/** Kayenta's test takes longer. */
export const daysOfMannWhitney = 40;

const { smallestDifference, falseWorsePercent, falseAsGoodPercent } = defaultVerdict;
const margin = {
  points: smallestDifference.points / 100,
  relative: smallestDifference.relativePercent / 100,
};

/** The verdict on failed answers, with all of its mistakes: latency is not drawn. */
class Verdict implements MinuteTest {
  private readonly comparison = new ShareComparison("failed answers", margin, {
    worse: 100 / falseWorsePercent,
    asGood: 100 / falseAsGoodPercent,
  });

  add(minute: ShareMinute): boolean {
    this.comparison.add(minute);
    return this.comparison.isWorse;
  }
}

/** How often both fail in a minute, as shares. */
interface Failing {
  readonly stable: number;
  readonly canary: number;
}

function drawMinute(rate: number, canaryShare: number, failing: Failing, random: Random): ShareMinute {
  const requests = rate * 60;
  const ofCanary = drawBinomial(requests, canaryShare, random);
  const ofStable = requests - ofCanary;
  return {
    stable: { requests: ofStable, failed: drawBinomial(ofStable, failing.stable, random) },
    canary: { requests: ofCanary, failed: drawBinomial(ofCanary, failing.canary, random) },
  };
}

interface Found {
  /** @default - not within a day */
  readonly minutes?: number;
  /** The canary's failed requests until then. */
  readonly failed: number;
}

/** One day, or less: every test looks at the same minutes. */
function drawDay(
  tests: readonly MinuteTest[],
  draw: (minute: number) => ShareMinute,
): readonly (Found | undefined)[] {
  const found: (Found | undefined)[] = tests.map(() => undefined);
  let failed = 0;
  for (let minute = 1; minute <= dayMinutes && found.includes(undefined); minute++) {
    const drawn = draw(minute);
    failed += drawn.canary.failed;
    for (const [index, test] of tests.entries())
      if (found[index] === undefined && test.add(drawn)) found[index] = { minutes: minute, failed };
  }
  return found.map((one) => one ?? { failed });
}

/** The other tests as one sets them who knows the traffic: they are wrong as seldom as the verdict may be. */
function fittedTests(rate: number): MinuteTest[] {
  const fewest = (times: number) =>
    fewestFailures(rate * 60 * share, goodPercent / 100, times, falseWorsePercent / 100);
  return [new FailedInMinute(fewest(1)), new FailedInMinute(fewest(5), 5)];
}

const badHead = [
  "fails",
  "requests per second",
  "verdict",
  "failed",
  "alarm",
  "failed",
  "fitted alarm",
  "failed",
  "Flagger",
  "failed",
  "fitted Flagger",
  "failed",
  "Kayenta",
  "failed",
];

/** A line of the first table: versions that fail so often. */
export function badRow(failingPercent: number, rate: number, count = draws): string[] {
  const random = seededRandom(seed);
  const failing = { stable: goodPercent / 100, canary: failingPercent / 100 };
  const all = Array.from({ length: count }, () => {
    const [alarm, flagger] = fittedTests(rate);
    if (alarm === undefined || flagger === undefined) throw new Error("there are two");
    const tests = [
      new Verdict(),
      new FailedInMinute(1),
      alarm,
      new SuccessShare(),
      flagger,
      new MannWhitney(),
    ];
    return drawDay(tests, () => drawMinute(rate, share, failing, random));
  });
  const columns = (all[0] ?? []).map((_, index) => all.map((one) => one[index] as Found));
  return [`${failingPercent} %`, String(rate), ...columns.flatMap(cells)];
}

function cells(found: readonly Found[]): string[] {
  const within = found.filter(({ minutes }) => minutes !== undefined);
  const ofAll = within.length / found.length;
  if (ofAll < 0.5) return [`${percentOf(ofAll)} in a day`, "-"];
  const note = ofAll === 1 ? "" : ` (${percentOf(ofAll)})`;
  const late = found.map(({ minutes = Number.POSITIVE_INFINITY }) => minutes);
  return [`${median(late)} min${note}`, median(found.map(({ failed }) => failed)).toLocaleString("en")];
}

/** The upper one of two in the middle. */
function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function percentOf(part: number): string {
  return `${Number((part * 100).toFixed(1))} %`;
}

/** Traffic of which both versions are alike. */
export interface Alike {
  readonly name: string;
  readonly rate: number;
  readonly share: number;
  /** How often both fail, in percent. */
  percentAt(minute: number): number;
}

const steady = (rate: number, percent: number, canaryShare = share): Alike => ({
  name: `${percent} % fail`,
  rate,
  share: canaryShare,
  percentAt: () => percent,
});

export const alikes: readonly Alike[] = [
  steady(1, 0.1),
  steady(10, 0.1),
  steady(100, 0.1),
  steady(10, 0.1, 0.01),
  steady(10, 0.1, 0.5),
  steady(10, 2),
  {
    name: "0.1 % fail, and 20 % for 10 minutes of each hour",
    rate: 10,
    share,
    percentAt: (minute) => (minute % 60 < 10 ? 20 : 0.1),
  },
];

const goodHead = [
  "both versions alike",
  "requests per second",
  "canary's share",
  "verdict",
  "alarm",
  "Flagger",
  "Kayenta",
];

/** How often each test finds a version worse that is not, in a day with a look each minute: as shares. */
export function wrongOf(alike: Alike, tests: () => readonly MinuteTest[], count: number): number[] {
  const random = seededRandom(seed);
  const all = Array.from({ length: count }, () =>
    drawDay(tests(), (minute) => {
      const failing = alike.percentAt(minute) / 100;
      return drawMinute(alike.rate, alike.share, { stable: failing, canary: failing }, random);
    }),
  );
  return (all[0] ?? []).map(
    (_, index) => all.filter((one) => one[index]?.minutes !== undefined).length / count,
  );
}

export const verdictAlone = () => [new Verdict()];

/** A line of the second table. */
export function goodRow(alike: Alike): string[] {
  const wrong = [
    ...wrongOf(alike, () => [new Verdict(), new FailedInMinute(1), new SuccessShare()], days),
    ...wrongOf(alike, () => [new MannWhitney()], daysOfMannWhitney),
  ];
  return [alike.name, String(alike.rate), percentOf(alike.share), ...wrong.map(percentOf)];
}

/** @param rows of `badRow` */
export function badTable(rows: readonly (readonly string[])[]): string {
  return markdown(badHead, rows);
}

/** @param rows of `goodRow` */
export function goodTable(rows: readonly (readonly string[])[]): string {
  return markdown(goodHead, rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `${line(row)}\n`).join("");
}

/** A line of a table. */
export function line(row: readonly string[]): string {
  return `| ${row.join(" | ")} |`;
}
