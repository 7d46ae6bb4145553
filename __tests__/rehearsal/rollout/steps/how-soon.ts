import { faultsOf, parseFailing } from "../../../../src/rehearsal/rollout/given-faults";
import { type Badness, badnessAt, triedAt } from "../../../../src/rehearsal/rollout/how-bad";
import { aliases } from "../../../../src/rehearsal/rollout/lambda/aliases";
import type { PlannedShift } from "../../../../src/rehearsal/rollout/planned-shift";
import { ShiftRehearsal } from "../../../../src/rehearsal/rollout/played-shift";
import { drawRelease } from "../../../../src/rehearsal/rollout/steps/drawn-release";
import { clockTime } from "../../../../src/rehearsal/rollout/time";
import { countsOf } from "../../../../src/rehearsal/rollout/totals";
import { counted } from "../../../../src/release/counted";
import { projectFolder } from "../../../support/command";
import { shop } from "../../../support/project";
import { shopStack } from "../rehearsed-shift";
import { drawable, steppedShop } from "./rehearsed-release";

const seed = 1;
const stableSince = "2026-11-27T09:00:00Z";
/** How long a person who is paged needs until the users are moved back. */
const personMinutes = 10;
const weekMinutes = 7 * 24 * 60;
/** In percent, of stable and of a version that is as good. */
const goodPercent = 0.1;

export const rates = [1, 10, 100];
export const failingPercents = [1, 5, 50];
/** Releases and shifts for each cell. */
export const draws = 100;
/** Weeks for each cell of the second table: drawing one takes about three seconds. */
export const weeks = 100;

type Drawable = Awaited<ReturnType<typeof drawable>>;

/** What is drawn from. */
export interface Sources {
  /** A canary at 10 percent for a week, with the guard and its default alarms. */
  readonly guarded: Drawable;
  /** The same with an alarm on the share of answers that fail. */
  readonly byShare: Drawable;
  /** A shift by `Canary10Percent5Minutes`, with its default alarms. */
  readonly shift: PlannedShift;
}

export async function sources(): Promise<Sources> {
  const release = { steps: [{ percent: 10, bakeMinutes: weekMinutes }], guard: {}, stableSince };
  const stage = { accessLogs: true };
  const alarms = { errors: false, answers: { percent: 5 } };
  return {
    guarded: await drawable(await steppedShop(shop({ ...release, stage }))),
    byShare: await drawable(await steppedShop(shop({ ...release, stage, alarms }))),
    shift: await plannedShift(),
  };
}

async function plannedShift(): Promise<PlannedShift> {
  const operator = { action: "continue", afterMinutes: 1 } as const;
  const shift = new ShiftRehearsal(aliases, {
    project: projectFolder,
    rate: 1,
    seed,
    lateMinutes: 0,
    operator,
  });
  try {
    const stack = await shopStack();
    shift.scene.apply(stack, projectFolder);
    return shift.scene.plan(stack);
  } finally {
    await shift.close();
  }
}

/** A line of the first table: versions that fail so often, with so many requests per second. */
export async function badRow(
  { guarded, shift }: Sources,
  failingPercent: number,
  rate: number,
): Promise<string[]> {
  const guard = await released(guarded, failingPercent, rate);
  const codeDeploy = await shifted(shift, failingPercent, rate);
  const person = await released(guarded, failingPercent, rate, { personMinutes });
  return [`${failingPercent} %`, String(rate), ...[guard, codeDeploy, person].flatMap(cells)];
}

/** A line of the second table: versions that are as good as a stable one that fails now and then. */
export async function goodRow({ guarded, byShare, shift }: Sources, rate: number): Promise<string[]> {
  const good = { stablePercent: goodPercent, draws: weeks };
  const guard = await released(guarded, goodPercent, rate, good);
  const share = await released(byShare, goodPercent, rate, good);
  const codeDeploy = await shifted(shift, goodPercent, rate, goodPercent);
  return [String(rate), ...[guard, share, codeDeploy].map(({ stopped }) => `${Math.round(stopped * 100)} %`)];
}

interface Way {
  /** A person moves the users back, in place of the guard. @default - the guard does */
  readonly personMinutes?: number;
  /** @default 0 */
  readonly stablePercent?: number;
  readonly draws?: number;
}

function released(of: Drawable, failingPercent: number, rate: number, way: Way = {}): Promise<Badness> {
  const { planned } = of;
  const { personMinutes: personAfterMinutes, stablePercent = 0 } = way;
  return triedAt(failingPercent, {
    planned,
    faults: faultsOf([parseFailing(`stable=${stablePercent}%`)], [], {
      ...planned,
      kinds: planned.subject.kinds,
    }),
    seed,
    draws: way.draws ?? draws,
    draw: async (faults, random) =>
      countsOf(
        await drawRelease({ ...of, rate, faults, random, lateMinutes: 0, personAfterMinutes }),
        planned,
      ),
  });
}

function shifted(
  planned: PlannedShift,
  failingPercent: number,
  rate: number,
  stablePercent = 0,
): Promise<Badness> {
  const faults = faultsOf([parseFailing(`stable=${stablePercent}%`)], [], {
    ...planned,
    kinds: planned.subject.kinds,
  });
  return badnessAt(failingPercent, { planned, rate, faults, seed, draws, leadMs: 120_000, lateMinutes: 0 });
}

function cells({ stopped, stoppedAfterMs, failed }: Badness): string[] {
  const share = stopped === 1 ? "" : ` (${Math.round(stopped * 100)} %)`;
  const after = stoppedAfterMs === undefined ? "never" : `${clockTime(stoppedAfterMs.median)}${share}`;
  return [after, counted(failed.median)];
}

/** @param rows of `badRow` */
export function badTable(rows: readonly (readonly string[])[]): string {
  return markdown(
    ["fails", "requests per second", "guard", "failed", "CodeDeploy", "failed", "person", "failed"],
    rows,
  );
}

/** @param rows of `goodRow` */
export function goodTable(rows: readonly (readonly string[])[]): string {
  return markdown(
    [
      "requests per second",
      `guard, of ${weeks} weeks`,
      `guard with \`"percent": 5\`, of ${weeks} weeks`,
      `CodeDeploy, of ${draws} shifts`,
    ],
    rows,
  );
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `${line(row)}\n`).join("");
}

/** A line of a table. */
export function line(row: readonly string[]): string {
  return `| ${row.join(" | ")} |`;
}
