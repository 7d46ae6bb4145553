import { faultsOf, parseFailing, parseSlow } from "../../../../src/rehearsal/rollout/given-faults";
import { Metrics } from "../../../../src/rehearsal/rollout/metrics";
import { Answerers } from "../../../../src/rehearsal/rollout/steps/answerers";
import type { PlannedRelease } from "../../../../src/rehearsal/rollout/steps/planned-release";
import { type PlayedRelease, ReleaseRehearsal } from "../../../../src/rehearsal/rollout/steps/played-release";
import { ReleaseScene } from "../../../../src/rehearsal/rollout/steps/release-scene";
import { releaseTimeline } from "../../../../src/rehearsal/rollout/steps/release-timeline";
import type { Wakers } from "../../../../src/rehearsal/rollout/steps/woken-guard";
import { countsOf, type Totals } from "../../../../src/rehearsal/rollout/totals";
import { type Configuration, readStack } from "../../../../src/rehearsal/terraform/configuration";
import { readService } from "../../../../src/release/files/file";
import type { EditableFile } from "../../../../src/release/files/project";
import { filesOnDisk } from "../../../../src/release/files/project-files";
import { type PlannedMoves, plannedMoves } from "../../../../src/release/files/rehearsed-moves";
import { type RecordedShare, readShare, shareParameter } from "../../../../src/release/steps/live-share";
import { createProject, type Files, synthesizeProject } from "../../../support/project";
import type { Play } from "../rehearsed-shift";

const path = "releases/dev/shop.json";

/** A release, with the stack before it and after each of its moves. */
export interface Stepped {
  readonly moves: PlannedMoves;
  readonly stacks: readonly Configuration[];
}

/** The release of `dev/shop`, each of its files synthesized in a copy of its own. */
export async function steppedShop(files: Files): Promise<Stepped> {
  const moves = movesOf(files);
  const texts = [moves.before, ...moves.moves.map(({ text }) => text)];
  const stacks: Configuration[] = [];
  for (const text of texts) {
    const project = createProject({ ...files, [path]: text });
    stacks.push(readStack(await synthesizeProject(project), "shop-dev"));
  }
  return { moves, stacks };
}

export function movesOf(files: Files): PlannedMoves {
  const project = createProject(files);
  const onDisk = filesOnDisk(project);
  const { context, release, problems } = readService(onDisk, "dev", "shop");
  if (context === undefined || release === undefined) throw new Error(JSON.stringify(problems));
  const text = onDisk.read(path) ?? "";
  const read: EditableFile = { files: onDisk, project, path, text, context, release, name: "dev/shop" };
  return plannedMoves(read);
}

export interface Rehearsed {
  readonly planned: PlannedRelease;
  readonly played: PlayedRelease;
  readonly totals: Totals;
  /** The shares that the guard recorded, one after the other; nothing where it recorded that there is none. */
  readonly recorded: readonly (RecordedShare | undefined)[];
}

/** Plays a release with real requests. */
export async function rehearseRelease(
  { moves: all, stacks: synthesized }: Stepped,
  { rate = 1, seed = 1, lateMinutes = 0, fail = [], slow = [] }: Omit<Play, "operator"> = {},
): Promise<Rehearsed> {
  const release = new ReleaseRehearsal({ rate, seed, lateMinutes });
  try {
    const [before, ...stacks] = release.scene.publish(synthesized) as [Configuration, ...Configuration[]];
    release.scene.apply(before);
    const { before: _, ...moves } = all;
    const { planned, wakers } = release.scene.plan(stacks[0] as Configuration, "dev/shop", moves);
    const parts = { ...planned, kinds: planned.subject.kinds };
    const faults = faultsOf(fail.map(parseFailing), slow.map(parseSlow), parts);
    const values: string[] = [];
    const played = await release.play({
      planned,
      onProgress: () => {
        const value = recordedIn(release);
        if (value !== undefined && value !== values.at(-1)) values.push(value);
      },
      wakers,
      faults,
      stacks: new Map(planned.moves.map((move, index) => [move, stacks[index] as Configuration])),
      request: { path: release.scene.openPath() },
    });
    return { planned, played, totals: countsOf(played, planned), recorded: values.map(readShare) };
  } finally {
    await release.close();
  }
}

function recordedIn({ scene }: ReleaseRehearsal): string | undefined {
  const parameters = scene.rehearsal.blocks.ofType("aws_ssm_parameter").map(({ attributes }) => attributes);
  const found = parameters.find(({ name }) => name === shareParameter("shop-dev"));
  return found && String(found["insecure_value"]);
}

/** What happened, without when. */
export function eventsOf({ played, planned }: Rehearsed): string[] {
  return releaseTimeline(played, planned).map(({ event }) => event);
}

/** What a release is drawn of. */
export async function drawable({ moves: all, stacks: synthesized }: Stepped): Promise<{
  readonly planned: PlannedRelease;
  readonly wakers: Wakers;
  readonly answerers: Answerers;
}> {
  const scene = new ReleaseScene({
    rate: 1,
    seed: 1,
    metrics: new Metrics(),
    onRequest: () => {},
    onLog: () => {},
  });
  try {
    const [before, first] = scene.publish(synthesized) as [Configuration, Configuration];
    scene.apply(before);
    const { before: _, ...moves } = all;
    const plan = scene.plan(first, "dev/shop", moves);
    const answerers = new Answerers();
    answerers.add(scene.rehearsal, scene.openPath());
    scene.apply(first);
    answerers.add(scene.rehearsal, scene.openPath());
    return { ...plan, answerers };
  } finally {
    await scene.close();
  }
}
