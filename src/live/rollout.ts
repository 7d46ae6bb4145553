import { type Hooks, hookEvents, hookMoments, nameOfHook } from "../release/functions/hooks";
import type { AppSpec } from "./app-spec";
import type { Account } from "./clients";
import type { PastDeployment, StartOptions } from "./deployments";
import { CannotStart, type Moved, type MovedRelease, type Part, type PlannedMove } from "./moved";
import { backDescription, partsIn, shiftDescription } from "./shift-description";
import type { ShiftProgress, Sight } from "./sight";
import { type Followed, watchTogether } from "./together";
import type { Wait } from "./wait";
import type { Trouble, WatchOptions } from "./watch";

/** What CodeDeploy is asked to do. */
export interface RolloutPlan {
  /** By part. A part that has what the version has of it stays as it is. */
  readonly moves: ReadonlyMap<string, PlannedMove>;
  readonly server: string;
  /** The version that is served now. */
  readonly from: string;
  readonly to: string;
  /** Whether the file calls another version stable than the one that is served. */
  readonly isStrange: boolean;
  /** Name of the configuration by which it shifts. */
  readonly config: string;
  /** By CodeDeploy's names for the hooks, the functions that are asked: once for each move. */
  readonly hooks: AppSpec["hooks"];
}

/** A deployment that moves one part. */
export interface PartShift {
  readonly part: string;
  /** Of the deployment. */
  readonly id: string;
}

/** A deployment that moved one part. */
export interface PastShift extends PastDeployment {
  /** @default - one deployment moves all that is moved */
  readonly part?: string;
}

/** A deployment that waits for somebody. */
export interface Waiting extends PartShift {
  readonly wait: Wait;
  /** @default - CodeDeploy does not tell it */
  readonly shift?: ShiftProgress;
}

/** A shift of several parts as it is followed. */
export interface Together {
  readonly shifts: readonly PartShift[];
  /** Parts that were to move with them, and have no deployment. @default - none */
  readonly missing?: readonly string[];
}

/** Moves back at once what had succeeded. */
const backConfig = "CodeDeployDefault.LambdaAllAtOnce";

/** The shifts of one release by CodeDeploy: a deployment for each part, and all of them together. */
export class Rollout {
  private constructor(
    readonly account: Account,
    private readonly release: MovedRelease,
    private readonly moved: Moved,
  ) {}

  static async with<T>(
    account: Account,
    release: MovedRelease,
    moved: Moved,
    use: (rollout: Rollout) => Promise<T>,
  ): Promise<T> {
    try {
      return await use(new Rollout(account, release, moved));
    } finally {
      for (const { deployments } of moved.parts) deployments.close();
    }
  }

  /** Looks whether everything is there. @throws {CannotStart} where CodeDeploy would refuse, or do nothing */
  async plan(): Promise<RolloutPlan> {
    const { canary, stable, hooks } = this.release;
    const { parts, server } = this.moved;
    if (canary === undefined) throw new CannotStart("the file has no canary to shift to: run 'start' first");
    const groups = await Promise.all(parts.map(({ deployments }) => deployments.group()));
    const [running] = await this.running();
    if (running !== undefined) throw new CannotStart(await this.underWayText(running));
    const to = canary.version.name;
    const served = new Map<string, string>();
    for (const [index, { name, platform }] of parts.entries())
      served.set(name, await platform.serving(groups[index] ?? {}));
    const moves = new Map<string, PlannedMove>();
    for (const { name, platform } of parts) {
      const move = await platform.moveTo(to, served.get(name) ?? "");
      if (move !== undefined) moves.set(name, move);
    }
    if (moves.size === 0) throw new CannotStart(`${server} serves ${to} already: promote it in the file`);
    const from = this.moved.versionOf(Object.fromEntries(served));
    const [{ deploymentConfigName: config = "" } = {}] = groups;
    return { moves, server, from, to, isStrange: from !== stable.name, config, hooks: askedHooks(hooks) };
  }

  /** Starts a deployment for each move. Where one cannot be started, those that were are stopped and moved back. */
  async start(plan: RolloutPlan, now: Date, options: StartOptions = {}): Promise<readonly PartShift[]> {
    const { from, to, moves, hooks } = plan;
    const description = shiftDescription(`${from} to ${to}`, this.isOne ? [] : [...moves.keys()], now);
    const starts = [...moves].map(async ([part, { appSpec }]) => {
      const { deployments } = this.part(part);
      return { part, id: await deployments.start({ ...appSpec, hooks }, description, options) };
    });
    const all = await Promise.allSettled(starts);
    const started = all.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    const failed = all.find((one) => one.status === "rejected");
    if (failed === undefined) return started;
    if (started.length > 0) await this.stopAgain(started, failed.reason as Error);
    throw failed.reason;
  }

  /** The deployments that were made last; one that rolls another back is told as that other. */
  async newest(): Promise<Together> {
    const all = await Promise.all(
      this.moved.parts.map(async ({ name, deployments }) => ({
        part: name,
        newest: await deployments.newest(),
      })),
    );
    const made = all.flatMap(({ part, newest }) => (newest === undefined ? [] : { part, ...newest }));
    const [last] = [...made].sort((a, b) => b.at.getTime() - a.at.getTime());
    if (last === undefined) return { shifts: [] };
    const parts = partsIn(last.description) ?? [last.part];
    const shifts = made.filter(
      ({ part, description }) => parts.includes(part) && description === last.description,
    );
    return { shifts, missing: parts.filter((name) => !shifts.some(({ part }) => part === name)) };
  }

  /** The deployments of each part that CodeDeploy keeps, the newest first. @param most how many of a part */
  async past(most: number): Promise<readonly PastShift[]> {
    const all = this.moved.parts.map(async ({ name, deployments }) =>
      (await deployments.past(most)).map((one) => ({ ...one, part: this.isOne ? undefined : name })),
    );
    return (await Promise.all(all)).flat();
  }

  async running(): Promise<readonly PartShift[]> {
    const all = this.moved.parts.map(async ({ name, deployments }) => ({
      part: name,
      id: await deployments.running(),
    }));
    return (await Promise.all(all)).flatMap(({ part, id }) => (id === undefined ? [] : { part, id }));
  }

  /** Has them stopped and moved back. @throws {CannotStart} where all are rollbacks themselves */
  async stop(shifts: readonly PartShift[]): Promise<void> {
    const looked = shifts.map(async ({ part, id }) => {
      const { deployments } = this.part(part);
      return { id, deployments, rollsBack: await deployments.rolledBackBy(id) };
    });
    const stopped = (await Promise.all(looked)).filter(({ rollsBack }) => rollsBack === undefined);
    if (stopped.length === 0)
      throw new CannotStart(
        `the deployment ${shifts[0]?.id} is already a rollback: use --watch to follow it`,
      );
    await Promise.all(stopped.map(({ deployments, id }) => deployments.stop(id)));
  }

  /** What waits for somebody. @throws {CannotStart} where nothing does */
  async waiting(): Promise<Waiting> {
    const [running] = await this.running();
    if (running === undefined)
      throw new CannotStart(`CodeDeploy has no shift of ${this.release.name} in progress: nothing waits`);
    const { part, id } = running;
    const { waits: wait, target: shift, status } = await this.part(part).deployments.look(id);
    if (wait === undefined)
      throw new CannotStart(
        `the deployment ${id} (${status}) is not waiting: run 'rollout --watch' to follow it`,
      );
    return { part, id, wait, shift };
  }

  /** Ends its wait. */
  goOn({ part, id, wait }: Waiting): Promise<void> {
    return this.part(part).deployments.goOn(id, wait);
  }

  /** Follows deployments to the end. Where one of several does not succeed, the others are stopped and moved back. */
  async *watch({ shifts, missing = [] }: Together, options: WatchOptions): AsyncGenerator<Sight | Trouble> {
    const [first] = shifts;
    if (first !== undefined && this.isOne) {
      yield* this.part().deployments.watch(first.id, options);
      return;
    }
    const ending = new AbortController();
    const signal = AbortSignal.any([options.signal, ending.signal]);
    const followed = shifts.map((shift) => this.followed(shift, { ...options, signal }));
    try {
      yield* watchTogether(followed, missing);
    } finally {
      ending.abort();
    }
  }

  /** The version that the parts are moved to, as the file calls it. @returns nothing where CodeDeploy does not tell it */
  versionOf(sights: readonly Sight[]): string | undefined {
    const targets = sights.map(({ part = this.part().name, target }) => [part, target?.version] as const);
    if (targets.length === 0 || targets.some(([, version]) => version === undefined)) return undefined;
    return this.moved.versionOf(Object.fromEntries(targets) as Record<string, string>, true);
  }

  /** What is wrong after a shift that has neither succeeded nor been moved back: nothing, perhaps. */
  async leftBehind({ part, target }: Sight): Promise<string | undefined> {
    if (target === undefined) return undefined;
    const { platform, deployments } = this.part(part);
    return platform.leftBehind(target, await deployments.group());
  }

  /** Whether one deployment moves all users. */
  get isOne(): boolean {
    return this.moved.parts.length === 1;
  }

  private followed({ part, id }: PartShift, options: WatchOptions): Followed {
    const { deployments } = this.part(part);
    return {
      part,
      id,
      watch: (deployment) => deployments.watch(deployment, options),
      stop: () => deployments.stop(id),
      takeBack: (sight) => this.takeBack(part, sight),
    };
  }

  /** A deployment to what served before one that has succeeded. @returns nothing where it no longer serves */
  private async takeBack(part: string, { id, target }: Sight): Promise<string | undefined> {
    const { deployments, platform } = this.part(part);
    const before = await deployments.backFrom(id);
    if (before !== undefined || target === undefined) return before;
    const move = await platform.backFrom?.(target);
    if (move === undefined) return undefined;
    const options = { ignoreAlarms: true, config: backConfig };
    return deployments.start({ ...move.appSpec, hooks: {} }, backDescription(id), options);
  }

  private async stopAgain(started: readonly PartShift[], error: Error): Promise<void> {
    this.account.time.renew();
    const ids = started.map(({ id }) => id).join(" and ");
    const ended = await this.stop(started).then(
      () => `${ids} was started with it, and is stopped and rolled back`,
      (failed: Error) => `${ids} was started with it, and is not stopped: ${failed.message}`,
    );
    error.message = `${error.message} (${ended}: run 'rollout --watch' to follow it)`;
  }

  /** @param name by default that of the first part */
  private part(name?: string): Part {
    const { parts } = this.moved;
    const part = name === undefined ? parts[0] : parts.find((one) => one.name === name);
    if (part === undefined) throw new Error(`${this.release.service} moves no ${name ?? "part"}`);
    return part;
  }

  private async underWayText({ part, id }: PartShift): Promise<string> {
    const { waits } = await this.part(part).deployments.look(id);
    const goOn = waits === undefined ? "" : ", the verb continue to end its wait";
    return `the deployment ${id} is in progress: use --watch to follow it, --stop to roll it back${goOn}`;
  }
}

/** The functions that are asked, by CodeDeploy's names for the hooks. */
function askedHooks(hooks: Hooks): AppSpec["hooks"] {
  const asked = hookMoments.flatMap((moment) => {
    const hook = hooks[moment];
    return hook === undefined ? [] : [[hookEvents[moment], nameOfHook(hook)]];
  });
  return Object.fromEntries(asked);
}
