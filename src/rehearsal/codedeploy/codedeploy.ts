import type { TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { LoopbackServer } from "../loopback";
import { AlarmBoard, type AlarmStates } from "./alarms";
import { Applications } from "./applications";
import { type Clock, RealClock } from "./clock";
import { Configs } from "./configs";
import { Deployments } from "./deployments";
import type { EcsApi } from "./ecs/ecs-api";
import { EcsPlatform } from "./ecs/ecs-platform";
import type { LoadBalancerApi } from "./ecs/load-balancer-api";
import { Groups } from "./groups";
import { HookExecutions } from "./hook-executions";
import { LambdaPlatform } from "./lambda/lambda-platform";
import type { LambdaApi } from "./lambda-api";
import type { Platforms } from "./platform";
import { answer, type Operations } from "./protocol";
import { Tags } from "./tags";
import { Targets } from "./targets";

export interface CodeDeployOptions {
  /** Whose aliases are shifted and whose functions are the hooks. @default - Lambda is not deployed to, hooks fail */
  readonly lambda?: LambdaApi;
  /** Whose services are deployed to. @default - ECS is not deployed to */
  readonly ecs?: EcsApi;
  /** What is before those services. @default - ECS is not deployed to */
  readonly loadBalancer?: LoadBalancerApi;
  /** How ECS itself deploys the one service, in CodeDeploy's terms. @default - CodeDeploy deploys */
  readonly native?: NativeShift;
  /** @default - no alarm is ever in ALARM */
  readonly alarms?: AlarmStates;
  /** @default - the time of this machine */
  readonly clock?: Clock;
}

/** A shift of ECS's own: it takes shares and times that CodeDeploy refuses, and reads what hooks answer. */
export interface NativeShift {
  readonly group: { readonly deploymentConfigName: string };
  readonly routing: TrafficRoutingConfig;
}

/**
 * CodeDeploy on this machine, for Lambda and ECS: the API of AWS's service model, and deployments that shift the
 * traffic of real aliases, and of real listeners from one real task set to the next.
 */
export class CodeDeploy {
  private readonly deployments: Deployments;
  /** What the API does, for those who need no HTTP. */
  readonly operations: Operations;
  private readonly server: LoopbackServer;

  constructor(options: CodeDeployOptions = {}) {
    const { lambda, alarms = new AlarmBoard(), clock = new RealClock() } = options;
    const applications = new Applications(clock);
    const isInUse = (name: string) =>
      [...applications.all()].some(({ groups }) =>
        [...groups.values()].some(({ settings }) => settings.deploymentConfigName === name),
      );
    const configs = new Configs(clock, isInUse, options.native);
    const groups = new Groups(applications, configs);
    const hooks = new HookExecutions();
    const platforms = platformsOf(options, clock);
    this.deployments = new Deployments(groups, configs, platforms, { clock, lambda, alarms, hooks });
    this.operations = operationsOf(
      applications,
      configs,
      groups,
      this.deployments,
      new Targets(this.deployments),
      new Tags(applications),
    );
    this.server = new LoopbackServer((request) => answer(request, this.operations));
  }

  /**
   * @param port @default - any that is free
   * @returns the address
   */
  listen(port = 0): Promise<string> {
    return this.server.listen(port);
  }

  /** Leaves aliases and services as they are. */
  async close(): Promise<void> {
    this.deployments.close();
    await this.server.close();
  }
}

function platformsOf({ lambda, ecs, loadBalancer, native }: CodeDeployOptions, clock: Clock): Platforms {
  return {
    Lambda: lambda && new LambdaPlatform(clock, lambda),
    ECS:
      ecs && loadBalancer && new EcsPlatform({ clock, ecs, loadBalancer, readsHooks: native !== undefined }),
  };
}

function operationsOf(
  applications: Applications,
  configs: Configs,
  groups: Groups,
  deployments: Deployments,
  targets: Targets,
  tags: Tags,
): Operations {
  return {
    CreateApplication: (input) => applications.create(input),
    GetApplication: (input) => applications.get(input),
    ListApplications: (input) => applications.list(input),
    UpdateApplication: (input) => applications.rename(input),
    DeleteApplication: (input) => applications.delete(input),
    GetApplicationRevision: (input) => deployments.revision(input),

    CreateDeploymentConfig: (input) => configs.create(input),
    GetDeploymentConfig: (input) => configs.get(input),
    ListDeploymentConfigs: (input) => configs.list(input),
    DeleteDeploymentConfig: (input) => configs.delete(input),

    CreateDeploymentGroup: (input) => groups.create(input),
    GetDeploymentGroup: (input) => groups.get(input),
    ListDeploymentGroups: (input) => groups.list(input),
    UpdateDeploymentGroup: (input) => groups.update(input),
    DeleteDeploymentGroup: (input) => groups.delete(input),

    CreateDeployment: (input) => deployments.create(input),
    GetDeployment: (input) => deployments.get(input),
    BatchGetDeployments: (input) => deployments.batchGet(input),
    ListDeployments: (input) => deployments.list(input),
    StopDeployment: (input) => deployments.stop(input),
    ContinueDeployment: (input) => deployments.continue(input),
    PutLifecycleEventHookExecutionStatus: (input) => deployments.putHookStatus(input),

    GetDeploymentTarget: (input) => targets.get(input),
    BatchGetDeploymentTargets: (input) => targets.batchGet(input),
    ListDeploymentTargets: (input) => targets.list(input),

    ListTagsForResource: (input) => tags.list(input),
    TagResource: (input) => tags.add(input),
    UntagResource: (input) => tags.remove(input),
  };
}
