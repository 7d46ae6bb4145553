import { readFileSync } from "node:fs";
import { join } from "node:path";
import { faultsOf, parseFailing, parseSlow } from "../../../src/rehearsal/rollout/given-faults";
import { aliases } from "../../../src/rehearsal/rollout/lambda/aliases";
import type { Operator } from "../../../src/rehearsal/rollout/operator";
import type { PlannedShift } from "../../../src/rehearsal/rollout/planned-shift";
import { type PlayedShift, ShiftRehearsal } from "../../../src/rehearsal/rollout/played-shift";
import type { ServedRequest, ShiftPlatform } from "../../../src/rehearsal/rollout/scene";
import { timelineOf } from "../../../src/rehearsal/rollout/timeline";
import { type Totals, totalsOf } from "../../../src/rehearsal/rollout/totals";
import { type Configuration, readStack } from "../../../src/rehearsal/terraform/configuration";
import { projectFolder } from "../../support/command";
import { type Files, handler, shop, synthesizeFiles } from "../../support/project";

const stacks = new Map<string, Promise<Configuration>>();

/** A release that CodeDeploy moves, without hooks unless it is given some. The same one is synthesized once. */
export function shopStack(release: object = {}, files: Files = {}): Promise<Configuration> {
  const key = JSON.stringify([release, files]);
  const stack = stacks.get(key) ?? synthesizedShop(release, files);
  stacks.set(key, stack);
  return stack;
}

async function synthesizedShop(release: object, files: Files): Promise<Configuration> {
  const hooks = ["lambdas/hooks/before-traffic.ts", "lambdas/hooks/after-traffic.ts"];
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
  /** Requests per second: each of them costs this machine 2 ms. @default 1 */
  readonly rate?: number;
  readonly seed?: number;
  readonly lateMinutes?: number;
  readonly fail?: readonly string[];
  readonly slow?: readonly string[];
  readonly operator?: Partial<Operator>;
}

export interface Rehearsed {
  readonly planned: PlannedShift;
  readonly played: PlayedShift;
  readonly totals: Totals;
  /** What was answered to all, hooks among them. */
  readonly records: readonly ServedRequest[];
}

/** Plays a shift of an alias, with each stack applied after the one before. */
export function rehearseShift(stacks: readonly Configuration[], play: Play = {}): Promise<Rehearsed> {
  const synthesized = stacks.map((configuration) => ({ configuration, project: projectFolder }));
  return rehearse(aliases, synthesized, play);
}

/** A stack, and the folder of its project. */
export interface Synthesized {
  readonly configuration: Configuration;
  readonly project: string;
}

/** Plays a shift of the last stack. */
export async function rehearse(
  platform: ShiftPlatform,
  stacks: readonly Synthesized[],
  { rate = 1, seed = 1, lateMinutes = 0, fail = [], slow = [], operator }: Play = {},
): Promise<Rehearsed> {
  const records: ServedRequest[] = [];
  const { configuration, project } = stacks.at(-1) as Synthesized;
  const shift = new ShiftRehearsal(platform, {
    project,
    rate,
    seed,
    lateMinutes,
    operator: { action: "continue", afterMinutes: 1, ...operator },
    onRequest: (record) => records.push(record),
  });
  try {
    for (const stack of stacks) shift.scene.apply(stack.configuration, stack.project);
    const planned = shift.scene.plan(configuration);
    const parts = { ...planned, kinds: planned.subject.kinds };
    const faults = faultsOf(fail.map(parseFailing), slow.map(parseSlow), parts);
    const played = await shift.play(planned, faults, { request: { path: "/" }, leadMs: 120_000 });
    return { planned, played, totals: totalsOf(played, planned), records };
  } finally {
    await shift.close();
  }
}

/** What happened, without when. */
export function eventsOf({ played, planned }: Rehearsed): string[] {
  return timelineOf(played, planned).map(({ event }) => event);
}
