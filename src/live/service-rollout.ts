import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Release } from "../release/release";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import { CallTime, type TimeLimits } from "./call-time";
import { type Account, signIn } from "./clients";
import { Deployments } from "./deployments";
import { type LeftPlace, leftText } from "./left-tasks";
import { Ecs } from "./live-tasks";
import { CannotStart, type PlannedMove, type Platform } from "./moved";
import { Rollout } from "./rollout";
import type { ShiftProgress, ShiftReader } from "./sight";

/** The shifts of a service of containers. */
export async function withRollout<T>(
  release: Release,
  use: (rollout: Rollout) => Promise<T>,
  limits?: TimeLimits,
): Promise<T> {
  if (release.strategy !== "ecs-blue-green")
    throw new CannotStart(`CodeDeploy does not shift releases of the strategy ${release.strategy}`);
  const account = await signIn(release.environment, new CallTime(limits));
  const ecs = new Ecs(account, release);
  const part = {
    name: release.service,
    platform: new ServicePlatform(account, ecs, release),
    deployments: new Deployments(account, release.name, shiftOfTasks),
  };
  const moved = {
    server: "the service",
    parts: [part],
    versionOf: ({ [part.name]: version = "" }: Readonly<Record<string, string>>) => version,
  };
  try {
    return await Rollout.with(account, release, moved, use);
  } finally {
    ecs.close();
  }
}

/** A service of which CodeDeploy puts one task set in the place of another. */
class ServicePlatform implements Platform {
  readonly shiftOf = shiftOfTasks;

  constructor(
    private readonly account: Account,
    private readonly ecs: Ecs,
    private readonly release: EcsBlueGreenRelease,
  ) {}

  async serving(group: DeploymentGroupInfo): Promise<string> {
    const live = await this.ecs.service();
    if (live.others.length > 0) throw new CannotStart(leftText(this.place(group), live));
    return live.primary.version;
  }

  async moveTo(version: string, from: string): Promise<PlannedMove | undefined> {
    if (from === version) return undefined;
    const { name, service, ecs } = this.release;
    const properties = {
      TaskDefinition: await this.ecs.taskDefinition(version),
      LoadBalancerInfo: { ContainerName: service, ContainerPort: ecs.port },
    };
    return {
      what: name,
      from,
      to: version,
      appSpec: { name: "TargetService", type: "AWS::ECS::Service", properties },
    };
  }

  async leftBehind(
    { from, version: to }: ShiftProgress,
    group: DeploymentGroupInfo,
  ): Promise<string | undefined> {
    const live = await this.ecs.service();
    if (live.others.length > 0) return leftText(this.place(group), live, from);
    if (to === undefined || live.primary.version !== to) return undefined;
    return `the service still serves ${to}: promote it in the file, then start the former version to go back`;
  }

  private place(group: DeploymentGroupInfo): LeftPlace {
    return { ...this.account, name: this.release.name, group };
  }
}

/** The replacement's share; of a rollback, that of the tasks before. CodeDeploy names no versions: the description does. */
export const shiftOfTasks: ShiftReader = (info, { ecsTarget }, rolledBack) => {
  const isRollback = info.rollbackInfo?.rollbackTriggeringDeploymentId !== undefined;
  const label = isRollback ? "Blue" : "Green";
  const tasks = ecsTarget?.taskSetsInfo?.find(({ taskSetLabel }) => taskSetLabel === label);
  if (tasks === undefined) return undefined;
  const versions = isRollback ? { version: rolledBack?.from, from: rolledBack?.version } : versionsOf(info);
  return { ...versions, percent: tasks.trafficWeight ?? 0 };
};

/** As `Rollout` describes a deployment: `v1 to v2`. */
function versionsOf({ description = "" }: DeploymentInfo): Pick<ShiftProgress, "version" | "from"> {
  const [, from, version] = /^(\S+) to (\S+)$/.exec(description) ?? [];
  return { version, from };
}
