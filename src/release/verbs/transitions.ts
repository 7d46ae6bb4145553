import type { ReleaseFile } from "../defaults";
import type { Edit } from "../files/edit";
import { guardOf } from "../guard";
import { asInFile, type ReleaseContext, versionsInFile } from "../release-context";
import { minutesLeft } from "../steps/bake-time";
import { heldText } from "../steps/held";
import type { Standing } from "../steps/standing";
import { bakesUntil, firstPercent, followingStep } from "../steps/steps";
import { modelOf, shiftsByItself } from "../strategies/strategies";
import type { StrategyModel } from "../strategies/strategy-model";
import { inSeconds } from "../time";
import { canaryPercent } from "../traffic";

/** A verb that the release, as it stands, does not allow. */
export class Refusal extends Error {}

/** One that ends a bake time early, by the file's time. */
export class StillBaking extends Refusal {}

/** What the steps of a plan are held against. */
export interface Moment {
  /** The time at which the verb runs. */
  readonly now: Date;
  /** Whether a step, or its bake time, may be skipped. */
  readonly skip?: boolean;
}

/** The file that a verb edits: it may have problems that the edits solve, so a verb is not judged by a release. */
export type State = Pick<ReleaseContext, "service" | "environment" | "file" | "handlerFiles">;

/** A verb: the edits of the file that it is. @throws {Refusal} where the file does not allow it */
export type Transition = (state: State) => Edit[];

const minuteMs = 60_000;

/** Why the file has no step for it. */
export function shiftedByItself({ movedBy }: StrategyModel): string {
  return movedBy === "ecs"
    ? "ECS shifts this release, as 'deployment' in the file configures"
    : "CodeDeploy shifts this release, as 'rollout' in the file configures";
}

export interface Start extends Moment {
  /** @default - the first of the planned steps, or 10 */
  readonly percent?: number;
  /** Who may call blue, where that is what starts. */
  readonly sources?: readonly string[];
  /** Whether it may take the place of the canary that runs. */
  readonly replace?: boolean;
}

/** A published version goes on trial. */
export function start(state: State, version: string, options: Start): Edit[] {
  const { file } = state;
  const { now, replace = false, skip = false } = options;
  if (versionsInFile(file)[version] === undefined)
    throw new Refusal(`${version} is not published: publish it first, in a pull request of its own`);
  if (version === file.stable) throw new Refusal(`${version} is the stable version already`);
  const trial = onTrial(file);
  if (trial?.version === version) throw new Refusal(`${version} is on trial already, ${named(file)}`);
  if (trial !== undefined && !replace)
    throw new Refusal(
      `${trial.version} is on trial, ${named(file)}: roll it back, or use --replace to put ${version} in its place`,
    );
  checkHold(state);
  const since = inSeconds(now);
  if (modelOf(file).movedBy === "ecs") {
    if (options.percent !== undefined)
      throw new Refusal(
        "ECS sets the new version's share, as 'deployment' in the file configures: start without --percent",
      );
    return newStable(state, version, file.stable, now);
  }
  if (modelOf(file).trial === "blue") {
    const sources = options.sources ?? file.blue?.sources;
    if (sources === undefined)
      throw new Refusal("blue needs the addresses that may call it: --source 203.0.113.0/24");
    return pointer(file, "blue", { version: asInFile(version), sources, since });
  }
  if (modelOf(file).movedBy === "codedeploy") {
    if (options.percent !== undefined)
      throw new Refusal(
        "CodeDeploy sets the canary's share, as 'rollout' in the file configures: start without --percent",
      );
    return pointer(file, "canary", { version: asInFile(version), since });
  }
  const first = firstPercent(file);
  const percent = options.percent ?? first;
  if (file.steps !== undefined && percent > first && !skip)
    throw new Refusal(`the first step is ${first} %; use --skip to start at ${percent} %`);
  return pointer(file, "canary", { version: asInFile(version), percent, since });
}

/** The canary gets another share. */
export function shift(state: State, percent: number, moment: Moment): Edit[] {
  const { file } = state;
  const { canary } = file;
  const model = modelOf(file);
  if (shiftsByItself(model)) throw new Refusal(shiftedByItself(model));
  if (canary === undefined) throw new Refusal("there is no canary to shift");
  const current = canaryPercent(file);
  if (percent === current) throw new Refusal(`${canary.version} has ${percent} % already`);
  if (percent > current) checkHold(state);
  if (percent > current && moment.skip !== true) {
    checkBakeTime(file, moment.now);
    const following = followingStep(file);
    if (following === "promote")
      throw new Refusal(
        `${canary.version} has completed every step: promote it, or use --skip to shift it again`,
      );
    if (following !== undefined && percent > following)
      throw new Refusal(`the next step is ${following} %; use --skip to go straight to ${percent} %`);
  }
  return pointer(file, "canary", { percent, since: inSeconds(moment.now) });
}

/** The step that the file plans next: a larger share, or after the last of them the promotion. */
export function next(state: State, moment: Moment): Edit[] {
  const { canary, steps } = state.file;
  const model = modelOf(state.file);
  if (shiftsByItself(model)) throw new Refusal(shiftedByItself(model));
  if (canary === undefined) throw new Refusal("there is no canary to advance");
  if (steps === undefined) throw new Refusal("the file has no 'steps': use shift to set the percent");
  const following = followingStep(state.file);
  return following === "promote" ? promote(state, moment) : shift(state, following as number, moment);
}

/** The canary, or blue, becomes the stable version; the one before is kept to return to. */
export function promote(state: State, { now, skip = false }: Moment): Edit[] {
  const { file } = state;
  const trial = onTrial(file);
  if (modelOf(file).movedBy === "ecs")
    throw new Refusal(
      `nothing is left to promote: 'start' makes a version stable, and ECS shifts users to it after the deploy`,
    );
  if (trial === undefined)
    throw new Refusal(`there is no ${modelOf(file).trial === "blue" ? "blue version" : "canary"} to promote`);
  checkHold(state);
  const following = followingStep(file);
  if (!skip) {
    checkBakeTime(file, now);
    if (following !== undefined && following !== "promote")
      throw new Refusal(`the next step is ${following} %; use --skip to promote now`);
  }
  return [...withoutTrial(file), ...newStable(state, trial.version, file.stable, now)];
}

export interface Rollback extends Pick<Moment, "now"> {
  /** The version that serves everybody then. @default - stable where one is on trial, else the former version */
  readonly to?: string;
}

/** The canary, or blue, is dropped; without one, the version that was stable before is stable again, or another one. */
export function rollback(state: State, { now, to }: Rollback): Edit[] {
  const { file } = state;
  if (to !== undefined) checkReturn(file, to);
  else if (onTrial(file) !== undefined) return withoutTrial(file);
  const target = to ?? file.former;
  if (target === undefined)
    throw new Refusal("there is nothing to roll back: neither a canary nor a 'former' version");
  if (modelOf(file).movedBy === "codedeploy")
    throw new Refusal(
      `CodeDeploy moved users to ${file.stable}, and a change of the file does not move them back: start ${target}, then run 'rollout'`,
    );
  return newStable(state, target, undefined, now);
}

/** @throws {Refusal} where users cannot return to a version */
function checkReturn(file: ReleaseFile, to: string): void {
  const trial = onTrial(file);
  if (trial !== undefined)
    throw new Refusal(
      `${trial.version} is on trial, ${named(file)}: 'rollback' without --to drops it, and then users can return to ${to}`,
    );
  const published = Object.keys(versionsInFile(file));
  if (to === file.stable) throw new Refusal(`${to} serves everybody already`);
  if (!published.includes(to))
    throw new Refusal(`${to} is not published (${published.join(", ")}): publish it first`);
  if (published.indexOf(to) > published.indexOf(file.stable))
    throw new Refusal(`${to} was published after ${file.stable}: start it`);
}

/** Another version takes over from stable while the canary goes on: the way of a repair that cannot wait. */
export function hotfix(state: State, version: string, { now }: Pick<Moment, "now">): Edit[] {
  const { file } = state;
  const trial = onTrial(file);
  if (modelOf(file).movedBy === "codedeploy")
    throw new Refusal(`CodeDeploy shifts to one version at a time: stop its shift, then start ${version}`);
  if (modelOf(file).movedBy === "ecs")
    throw new Refusal(`ECS shifts to one version at a time: start ${version}`);
  const versions = versionsInFile(file);
  if (trial === undefined)
    throw new Refusal(
      "a hotfix replaces stable while a canary runs, but there is no canary: start it as a canary",
    );
  if (versions[version] === undefined)
    throw new Refusal(`${version} is not published: publish it first (no traffic moves)`);
  if (version === file.stable) throw new Refusal(`${version} is the stable version already`);
  if (version === trial.version) throw new Refusal(`${version} is on trial, ${named(file)}: promote it`);
  if (versions[version]?.fingerprint !== versions[file.stable]?.fingerprint)
    throw new Refusal(
      `${version} has another API definition than ${file.stable} and would bring it to all users at once: ` +
        `publish a repair with the definition of ${file.stable}, or make it the canary with start --replace`,
    );
  return newStable(state, version, file.stable, now);
}

/** The version that is tried: the canary's or blue's. */
export function onTrial({
  canary,
  blue,
}: Pick<Standing, "canary" | "blue">): { readonly version: string } | undefined {
  return canary ?? blue;
}

function named(file: ReleaseFile): string {
  if (file.canary === undefined) return "behind blue";
  return modelOf(file).movedBy === "codedeploy"
    ? "as the canary"
    : `as the canary with ${canaryPercent(file)} %`;
}

function withoutTrial({ canary }: ReleaseFile): Edit[] {
  return [{ field: [canary === undefined ? "blue" : "canary"] }];
}

/** @param former `undefined` where there is nothing to return to any more */
function newStable(
  { file, environment }: State,
  stable: string,
  former: string | undefined,
  now: Date,
): Edit[] {
  // Without a guard nothing asks for it; what is there must not go on to say another time.
  const isDated = guardOf(file, environment) !== undefined || file.stableSince !== undefined;
  return [
    { field: ["stable"], value: asInFile(stable) },
    ...(isDated ? [{ field: ["stableSince"], value: inSeconds(now), after: "stable" }] : []),
    { field: ["former"], value: former && asInFile(former), after: isDated ? "stableSince" : "stable" },
    // A stage to look at a version that users have is refused.
    ...(file.preview?.version === stable ? [{ field: ["preview"] }] : []),
  ];
}

/** Field by field where the pointer is there, so that its line stays as it is written. */
function pointer(
  file: ReleaseFile,
  name: "canary" | "blue",
  value: Readonly<Record<string, unknown>>,
): Edit[] {
  if (file[name] === undefined)
    return [{ field: [name], value, after: file.former === undefined ? "stable" : "former" }];
  return Object.entries(value).map(([key, one]) => ({ field: [name, key], value: one }));
}

/** No flag skips it: whoever holds a version is asked first. */
function checkHold({ file, environment, service }: State): void {
  const held = heldText(file);
  if (held !== undefined)
    throw new Refusal(`${held}; to go on, run: npx lambda-release release ${environment.name}/${service}`);
}

function checkBakeTime(file: ReleaseFile, now: Date): void {
  const until = bakesUntil(file);
  if (until === "unknown")
    throw new Refusal(
      "'canary.since' is missing, so the end of the bake time is unknown: write it, or use --skip to go on now",
    );
  if (until === undefined || now >= until) return;
  const minutes = minutesLeft(until, now);
  throw new StillBaking(
    `${file.canary?.version} must stay at ${canaryPercent(file)} % until ${inMinutes(until, now)} (${minutes} min left); use --skip to go on now`,
  );
}

/** `09:30 UTC`, with its date where it is another day than `now`. Seconds count as a minute: after it, it is over. */
function inMinutes(time: Date, now: Date): string {
  const [date, clock] = new Date(Math.ceil(time.getTime() / minuteMs) * minuteMs).toISOString().split("T");
  const isToday = now.toISOString().startsWith(`${date}T`);
  return `${isToday ? "" : `${date} `}${clock?.slice(0, 5)} UTC`;
}
