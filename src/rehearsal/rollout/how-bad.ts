import { counted } from "../../release/counted";
import { table } from "../../terminal/table";
import { quantile } from "../../traffic/quantile";
import { type Random, seededRandom } from "../random";
import { drawShift } from "./drawn-shift";
import type { Faults } from "./faults";
import type { PlannedShift } from "./planned-shift";
import { clockTime, percentText } from "./time";
import { type Totals, totalsOf } from "./totals";

export interface HowBadOptions {
  readonly planned: PlannedShift;
  /** Requests per second. */
  readonly rate: number;
  /** What is wrong beside the failures of the new version that are tried. */
  readonly faults: Faults;
  readonly seed: number;
  /** Shifts for each share of failures. */
  readonly draws: number;
  readonly leadMs: number;
  /** How many minutes metrics come late. */
  readonly lateMinutes: number;
  /** How long the operator looks, where it is waited for. @default 1 */
  readonly operatorAfterMinutes?: number;
  /** Is told how many of all shifts are drawn. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What becomes of shifts to a version of which a share of the invocations fails. */
export interface Badness {
  readonly failingPercent: number;
  /** Of the shifts, from 0 to 1. */
  readonly stopped: number;
  /** Until the alias was moved back, of those that were stopped. @default - none was */
  readonly stoppedAfterMs?: Quantiles;
  /** Failed requests until the shift was stopped or done. */
  readonly failed: Quantiles;
}

export interface Quantiles {
  readonly median: number;
  readonly ninetyPercent: number;
}

/** 0 tells how many shifts are stopped by what is not the new version's fault. */
const failingPercents = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** What is drawn again and again, with versions that are worse and worse. */
export interface Tries extends Pick<HowBadOptions, "faults" | "seed" | "draws" | "onProgress"> {
  readonly planned: Pick<PlannedShift, "to"> & { readonly subject: Pick<PlannedShift["subject"], "kinds"> };
  readonly draw: (faults: Faults, random: Random) => Promise<Drawn>;
}

/** What became of one. */
export type Drawn = Pick<Totals, "result" | "tookMs" | "failedUntilEnd">;

/** Draws shifts to versions that are worse and worse. */
export function howBad(options: HowBadOptions): Promise<Badness[]> {
  return tryAll(shiftsOf(options));
}

/** Draws what is tried with versions that are worse and worse. */
export async function tryAll(tries: Tries): Promise<Badness[]> {
  const { draws, onProgress } = tries;
  const rows: Badness[] = [];
  for (const [index, failingPercent] of failingPercents.entries()) {
    const done = (drawn: number) => onProgress?.(index * draws + drawn, failingPercents.length * draws);
    rows.push(await triedAt(failingPercent, tries, done));
  }
  return rows;
}

export function badnessAt(failingPercent: number, options: HowBadOptions): Promise<Badness> {
  return triedAt(failingPercent, shiftsOf(options));
}

function shiftsOf(options: HowBadOptions): Tries {
  const { planned } = options;
  const draw: Tries["draw"] = async (faults, random) =>
    totalsOf(await drawShift({ ...options, faults, random }), planned);
  return { ...options, draw };
}

export async function triedAt(
  failingPercent: number,
  { planned, faults, seed, draws, draw }: Tries,
  onDrawn: (drawn: number) => void = () => {},
): Promise<Badness> {
  const failing = failingBy(failingPercent / 100, faults, planned);
  const random = seededRandom(seed);
  const stoppedAfter: number[] = [];
  const failed: number[] = [];
  for (let drawn = 1; drawn <= draws; drawn++) {
    const { result, tookMs, failedUntilEnd } = await draw({ ...faults, failing }, random);
    if (result !== "shifted" && result !== "released") stoppedAfter.push(tookMs);
    failed.push(failedUntilEnd);
    onDrawn(drawn);
  }
  return {
    failingPercent,
    stopped: stoppedAfter.length / draws,
    stoppedAfterMs: stoppedAfter.length === 0 ? undefined : quantiles(stoppedAfter),
    failed: quantiles(failed),
  };
}

/** The new version fails by that share: all along as its answers do by default, or how and from when on it is given. */
function failingBy(share: number, { failing }: Faults, { to, subject }: Tries["planned"]): Faults["failing"] {
  const [kind = "500"] = subject.kinds;
  const given = failing.get(to) ?? [{ fromMs: Number.NEGATIVE_INFINITY, value: { share, kind } }];
  return new Map(failing).set(
    to,
    given.map(({ fromMs, value }) => ({ fromMs, value: { ...value, share } })),
  );
}

/** Medians, and beside each what 9 of 10 shifts stay within. */
export function howBadTable(
  rows: readonly Badness[],
  { to }: Pick<PlannedShift, "to">,
  stopped = "stopped",
): string {
  return table(
    [`version ${to} fails`, stopped, "after", "(9 of 10)", "failed", "(9 of 10)"],
    rows.map(({ failingPercent, stopped, stoppedAfterMs, failed }) => [
      percentText(failingPercent),
      `${(stopped * 100).toFixed(0)} %`,
      stoppedAfterMs === undefined ? "-" : clockTime(stoppedAfterMs.median),
      stoppedAfterMs === undefined ? "-" : clockTime(stoppedAfterMs.ninetyPercent),
      counted(failed.median),
      counted(failed.ninetyPercent),
    ]),
  );
}

interface HowBadWords {
  /** What is drawn, as several. */
  readonly tried: string;
  readonly stopped: string;
}

const ofShifts: HowBadWords = { tried: "shifts", stopped: "stopped" };

/** How bad a version has to be: what the table comes to. */
export function howBadText(rows: readonly Badness[], { tried, stopped }: HowBadWords = ofShifts): string {
  const blind = rows.findLastIndex(({ stopped }) => stopped < 0.9);
  const [least, worst] = [rows[blind + 1], rows.at(-1)];
  if (least !== undefined) {
    const which = least === worst ? "always fails" : `fails in ${percentText(least.failingPercent)} or more`;
    return `A version that ${which} is ${stopped} in at least 9 of 10 ${tried}.`;
  }
  return `Even a version that always fails is ${stopped} in only ${((worst?.stopped ?? 0) * 100).toFixed(0)} % of ${tried}.`;
}

function quantiles(values: readonly number[]): Quantiles {
  return { median: quantile(values, 0.5) ?? 0, ninetyPercent: quantile(values, 0.9) ?? 0 };
}
