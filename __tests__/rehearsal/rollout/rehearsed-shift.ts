import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RequestRecord } from "../../../rehearsal/api-gateway/gateway";
import { byVersion, parseFailing, parseSlow } from "../../../rehearsal/rollout/faults";
import { type PlannedShift, plannedShift } from "../../../rehearsal/rollout/planned-shift";
import { type PlayedShift, ShiftRehearsal } from "../../../rehearsal/rollout/played-shift";
import { type Totals, totalsOf } from "../../../rehearsal/rollout/totals";
import { applyWithVersions, movedBy } from "../../../rehearsal/rollout/versions";
import { type Configuration, readStack } from "../../../rehearsal/terraform/configuration";
import { projectFolder } from "../../support/command";
import { type Files, handler, shop, synthesizeFiles } from "../../support/project";

/** A release that CodeDeploy moves, without hooks unless it is given some. */
export async function shopStack(release: object = {}, files: Files = {}): Promise<Configuration> {
  const hooks = ["hook", "before-traffic", "after-traffic"].map((name) => `lambdas/hooks/${name}.ts`);
  const outdir = await synthesizeFiles(
    shop(
      { strategy: "codedeploy-alias", versions: [1], stable: 1, ...release },
      {
        "lambdas/shop/shop.ts": handler("1"),
        ...Object.fromEntries(hooks.map((path) => [path, readFileSync(join(projectFolder, path), "utf8")])),
        ...files,
      },
    ),
  );
  return readStack(outdir, "shop-dev");
}

export interface Play {
  readonly rate?: number;
  readonly seed?: number;
  readonly lateMinutes?: number;
  readonly fail?: readonly string[];
  readonly slow?: readonly string[];
}

export interface Rehearsed {
  readonly planned: PlannedShift;
  readonly played: PlayedShift;
  readonly totals: Totals;
  /** What the gateway has answered to all, hooks among them. */
  readonly records: readonly RequestRecord[];
}

/** Plays a shift of each stack after the one before. */
export async function rehearseShift(
  stacks: readonly Configuration[],
  { rate = 5, seed = 1, lateMinutes = 0, fail = [], slow = [] }: Play = {},
): Promise<Rehearsed> {
  const records: RequestRecord[] = [];
  const shift = new ShiftRehearsal({ rate, seed, lateMinutes, onRequest: (record) => records.push(record) });
  try {
    for (const stack of stacks) applyWithVersions(shift.rehearsal, stack);
    const moved = movedBy(shift.rehearsal, stacks.at(-1) as Configuration);
    const planned = plannedShift(shift.rehearsal.blocks, moved);
    const faults = {
      failing: byVersion("--fail", fail.map(parseFailing), planned),
      slow: byVersion("--slow", slow.map(parseSlow), planned),
    };
    const played = await shift.play(planned, faults, { path: "/", leadMs: 120_000 });
    return { planned, played, totals: totalsOf(played, planned), records };
  } finally {
    await shift.close();
  }
}
