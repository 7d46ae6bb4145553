import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { type Hooks, hookEvents, hookMoments, nameOfHook } from "../release/hooks";
import type { CodedeployAliasRelease } from "../release/strategies/codedeploy-alias";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import type { AppSpec } from "./app-spec";
import type { Account } from "./clients";
import { Deployments } from "./deployments";
import type { ShiftProgress, ShiftReader, Sight } from "./sight";
import type { Wait } from "./wait";
import type { Trouble, WatchOptions } from "./watch";

/** What keeps CodeDeploy from being asked: nothing was changed. */
export class CannotStart extends Error {}

/** A release whose users CodeDeploy moves. */
export type MovedRelease = CodedeployAliasRelease | EcsBlueGreenRelease;

/** Who is served by what CodeDeploy moves, and how another version is to be. */
export interface PlannedMove {
  /** What is moved: `shop-dev:live`. */
  readonly what: string;
  /** What serves users, in a message: `live`. */
  readonly server: string;
  /** The version that is served now. */
  readonly from: string;
  readonly to: string;
  readonly appSpec: Omit<AppSpec, "hooks">;
}

/** What is a compute platform's own of a shift. */
export interface Platform {
  /** How its targets tell a shift. */
  readonly shiftOf: ShiftReader;
  /** @throws {CannotStart} where users are not all at one version, or at this one already */
  moveTo(version: string, group: DeploymentGroupInfo): Promise<PlannedMove>;
  /** What is wrong after a shift that has neither succeeded nor been moved back: nothing, perhaps. */
  leftBehind(shift: ShiftProgress, group: DeploymentGroupInfo): Promise<string | undefined>;
}

/** What CodeDeploy is asked to do. */
export interface RolloutPlan extends PlannedMove {
  /** Whether the file calls another version stable than the one that is served. */
  readonly isStrange: boolean;
  /** Name of the configuration by which it shifts. */
  readonly config: string;
  readonly appSpec: AppSpec;
}

/** A deployment that waits for somebody. */
export interface Waiting {
  readonly deployment: string;
  readonly wait: Wait;
  /** @default - CodeDeploy does not tell it */
  readonly shift?: ShiftProgress;
}

/** The shifts of one release by CodeDeploy. */
export class Rollout {
  private readonly deployments: Deployments;

  private constructor(
    readonly account: Account,
    private readonly release: MovedRelease,
    private readonly platform: Platform,
  ) {
    this.deployments = new Deployments(account, release.name, platform.shiftOf);
  }

  static async with<T>(
    account: Account,
    release: MovedRelease,
    platform: Platform,
    use: (rollout: Rollout) => Promise<T>,
  ): Promise<T> {
    const rollout = new Rollout(account, release, platform);
    try {
      return await use(rollout);
    } finally {
      rollout.deployments.close();
    }
  }

  /** Looks whether everything is there. @throws {CannotStart} where CodeDeploy would refuse, or do nothing */
  async plan(): Promise<RolloutPlan> {
    const { canary, stable, hooks } = this.release;
    if (canary === undefined) throw new CannotStart("the file has no canary to shift to: run 'start' first");
    const group = await this.deployments.group();
    const running = await this.running();
    if (running !== undefined) throw new CannotStart(await this.underWayText(running));
    const move = await this.platform.moveTo(canary.version.name, group);
    const isStrange = move.from !== stable.name;
    const { deploymentConfigName: config = "" } = group;
    return { ...move, isStrange, config, appSpec: { ...move.appSpec, hooks: askedHooks(hooks) } };
  }

  /** @returns the id of the deployment */
  start({ appSpec, from, to }: RolloutPlan, options: { readonly ignoreAlarms?: boolean } = {}) {
    return this.deployments.start(appSpec, `${from} to ${to}`, options);
  }

  /** The deployment that was made last; one that rolls another back is told as that other. */
  newest(): Promise<string | undefined> {
    return this.deployments.newest();
  }

  running(): Promise<string | undefined> {
    return this.deployments.running();
  }

  /** Has it stopped and moved back. @throws {CannotStart} where it is a rollback itself */
  async stop(deployment: string): Promise<void> {
    if ((await this.deployments.rolledBackBy(deployment)) !== undefined)
      throw new CannotStart(`the deployment ${deployment} is already a rollback: use --watch to follow it`);
    await this.deployments.stop(deployment);
  }

  /** What waits for somebody. @throws {CannotStart} where nothing does */
  async waiting(): Promise<Waiting> {
    const deployment = await this.running();
    if (deployment === undefined)
      throw new CannotStart(`CodeDeploy has no shift of ${this.release.name} in progress: nothing waits`);
    const { waits: wait, target: shift, status } = await this.deployments.look(deployment);
    if (wait === undefined)
      throw new CannotStart(
        `the deployment ${deployment} (${status}) is not waiting: run 'rollout --watch' to follow it`,
      );
    return { deployment, wait, shift };
  }

  /** Ends its wait. */
  goOn({ deployment, wait }: Waiting): Promise<void> {
    return this.deployments.goOn(deployment, wait);
  }

  watch(deployment: string, options: WatchOptions): AsyncGenerator<Sight | Trouble> {
    return this.deployments.watch(deployment, options);
  }

  /** What is wrong after a shift that has neither succeeded nor been moved back: nothing, perhaps. */
  async leftBehind(shift: ShiftProgress): Promise<string | undefined> {
    return this.platform.leftBehind(shift, await this.deployments.group());
  }

  private async underWayText(running: string): Promise<string> {
    const { waits } = await this.deployments.look(running);
    const goOn = waits === undefined ? "" : ", the verb continue to end its wait";
    return `the deployment ${running} is in progress: use --watch to follow it, --stop to roll it back${goOn}`;
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
