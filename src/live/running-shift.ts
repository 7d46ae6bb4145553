import type { ComparedTargets } from "../release/alarms/compared-metrics";
import type { Release } from "../release/release";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import type { Account } from "./clients";
import { Deployments } from "./deployments";
import { Ecs } from "./live-tasks";
import { NativeDeployments } from "./native-deployments";
import { shiftOfTasks } from "./service-rollout";

export type ContainersRelease = Extract<Release, { readonly versionKind: "container" }>;

/** A shift of containers while it moves users, or keeps the tasks before. */
export interface RunningShift extends ComparedTargets {
  /** No user was at the canary before. */
  readonly since: Date;
}

/** Why there are no two versions with users. */
export interface NoShift {
  readonly why: string;
  /** What to do, for who is not following the shift. @default - `why` says it */
  readonly next?: string;
}

/**
 * Looks which target group has which version, while AWS shifts users from one to the other.
 *
 * @throws {Missing} where the release was never deployed
 * @throws {AwsError} where AWS cannot be asked
 */
export function runningShift(account: Account, release: ContainersRelease): Promise<RunningShift | NoShift> {
  return release.strategy === "ecs-blue-green"
    ? byCodeDeploy(account, release)
    : byEcs(account, release as Exclude<ContainersRelease, EcsBlueGreenRelease>);
}

async function byCodeDeploy(account: Account, release: EcsBlueGreenRelease): Promise<RunningShift | NoShift> {
  const name = nameOf(release);
  const ecs = new Ecs(account, release);
  const deployments = new Deployments(account, release.name, shiftOfTasks);
  try {
    const { loadBalancerInfo } = await deployments.group();
    const id = await deployments.running();
    if (id === undefined) {
      const todo = release.canary === undefined ? "'start' a version, deploy it and run" : "run";
      return { why: `CodeDeploy is not shifting users of ${name}: ${todo} 'rollout ${name}' first` };
    }
    const { events, rollsBack } = await deployments.look(id);
    if (rollsBack !== undefined) return movedBack("CodeDeploy", name);
    const { primary, others } = await ecs.service();
    const tasks = [primary, ...others];
    const canary = tasks.find(({ deployment }) => deployment === id);
    const stable = tasks.find((one) => one !== canary);
    const moved = events.find((event) => event.name === "AllowTraffic");
    if (canary === undefined || moved?.begun === undefined)
      return noUser(canary?.version ?? "the new version", id, name);
    if (stable === undefined)
      return { why: `${canary.version} has all users of ${name}, and the tasks before it are gone` };
    const [pair] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
    const [listenerArn = ""] = pair?.prodTrafficRoute?.listenerArns ?? [];
    return { stable, canary, listenerArn, since: moved.begun };
  } finally {
    ecs.close();
    deployments.close();
  }
}

/** ECS does not say when it began to move users, only when the deployment began. */
async function byEcs(
  account: Account,
  release: Exclude<ContainersRelease, EcsBlueGreenRelease>,
): Promise<RunningShift | NoShift> {
  const name = nameOf(release);
  const deployments = new NativeDeployments(account, release);
  try {
    await deployments.served();
    const sight = await deployments.newest();
    if (sight === undefined || sight.isOver)
      return {
        why: `ECS is not shifting users of ${name}: change 'stable' and deploy, which starts a shift`,
      };
    const { arn, status, stage = status, percent, to } = sight;
    if (status.startsWith("ROLLBACK") || status === "STOP_REQUESTED") return movedBack("ECS", name);
    if (percent === 0) return noUser(to, stage, name);
    const sides = await deployments.sides(arn);
    if (sides === undefined)
      return { why: `ECS does not say which target groups have the two versions of ${name}` };
    return sides;
  } finally {
    deployments.close();
  }
}

function nameOf({ environment, service }: Release): string {
  return `${environment.name}/${service}`;
}

function movedBack(who: string, name: string): NoShift {
  return { why: `${who} is moving users of ${name} back`, next: follow(name) };
}

function noUser(version: string, at: string, name: string): NoShift {
  return { why: `${version} has no users yet (${at})`, next: follow(name) };
}

function follow(name: string): string {
  return `run 'rollout ${name} --watch' to follow it`;
}
