import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { Construct } from "constructs";
import { AwsTarget } from "../constructs/aws-target";
import { HookSecurityGroup } from "../constructs/hook-security-group";
import { MetricAlarms } from "../constructs/metric-alarms";
import { type AskedHook, addRolloutHooks, type RolloutHooksProps } from "../constructs/rollout-hook";
import { ServiceDashboard } from "../constructs/service-dashboard";
import { ServiceLoadBalancer } from "../constructs/service-load-balancer";
import { type Network, ServiceNetwork } from "../constructs/service-network";
import { TaskRoles } from "../constructs/task-roles";
import { VersionTask } from "../constructs/version-task";
import { targetGroups } from "../src/release/alarms/alarm-scopes";
import { loadBalancerMetrics } from "../src/release/alarms/metric-source";
import { watchedScope } from "../src/release/alarms/watched";
import { alarmsId, constructIds } from "../src/release/construct-ids";
import { deployedHooks } from "../src/release/functions/hooks";
import type { EcsBlueGreenRelease } from "../src/release/strategies/ecs-blue-green";
import type { EcsNativeRelease } from "../src/release/strategies/ecs-native";
import { versionId } from "../src/release/version-id";
import { addAlarmsOutput } from "./alarms-output";
import { dashboardText } from "./dashboard-text";
import { EnvironmentStack } from "./environment-stack";

/** A release of containers: CodeDeploy or ECS moves its users. */
export type ContainersRelease = EcsBlueGreenRelease | EcsNativeRelease;

/** What stands around a service of containers: its network, load balancer, task definitions, alarms and hooks. */
export abstract class ContainersStack<R extends ContainersRelease> extends EnvironmentStack {
  protected readonly target: AwsTarget;
  /** Where its tasks and its load balancer are. */
  readonly network: Network;
  /** The load balancer before its tasks, with the users' listener and the test listener. */
  readonly balancer: ServiceLoadBalancer;

  /** @param withRules whether ECS turns a rule of each listener, in place of the listener */
  constructor(
    scope: Construct,
    protected readonly release: R,
    { withRules }: { readonly withRules: boolean },
  ) {
    super(scope, release.name, release.environment);
    const { name, environment, ecs } = release;
    this.target = new AwsTarget(this, "target");
    this.network = ecs.network ?? new ServiceNetwork(this, constructIds.network, { name });
    const { network } = this;
    const { protect } = environment;
    const props = { name, network, ecs, protect, withRules };
    this.balancer = new ServiceLoadBalancer(this, constructIds.loadBalancer, props);
  }

  /** What all tasks write to and may do. */
  protected addTaskRoles(): TaskRoles {
    const { name, versions, ecs } = this.release;
    return new TaskRoles(this, constructIds.tasks, {
      name,
      target: this.target,
      images: versions.map(({ container }) => container.image),
      logRetentionDays: ecs.logRetentionDays,
    });
  }

  /** The task definition of each version. @returns their ARNs */
  protected addTasks(roles: TaskRoles): Readonly<Record<string, string>> {
    const { name, service, environment, versions, ecs } = this.release;
    const { region } = environment;
    const scopeOfVersions = new Construct(this, constructIds.version);
    const tasks = versions.map((version) => {
      const props = { name, containerName: service, port: ecs.port, region, roles, version };
      return [version.name, new VersionTask(scopeOfVersions, versionId(version.name), props).arn];
    });
    return Object.fromEntries(tasks);
  }

  /** The alarms that stop a shift, of both target groups. @returns their names */
  protected addAlarms(): readonly string[] {
    const { release, balancer } = this;
    const { name, alarms } = release;
    if (alarms === undefined) return [];
    const made = targetGroups.flatMap((scope) => {
      const dimensions = { LoadBalancer: balancer.arnSuffix, TargetGroup: balancer[scope].arnSuffix };
      return new MetricAlarms(this, alarmsId(scope), {
        alarms,
        watched: watchedScope(name, scope),
        dimensions,
        source: loadBalancerMetrics,
      }).names;
    });
    return addAlarmsOutput(this, release, made);
  }

  /** Either target group may have the new version. */
  protected addDashboard(alarms: readonly string[]): void {
    const { release, target, balancer } = this;
    new ServiceDashboard(this, constructIds.dashboard, {
      name: release.name,
      text: dashboardText(release),
      target,
      region: release.environment.region,
      answers: targetGroups.map((scope) => {
        const dimensions = { TargetGroup: balancer[scope].arnSuffix, LoadBalancer: balancer.arnSuffix };
        const { namespace, requests, errors, latency } = loadBalancerMetrics;
        const metric = (metricName: string) => ({ namespace, metricName, dimensions });
        return {
          label: scope,
          requests: metric(requests),
          failed: metric(errors),
          latency: metric(latency),
        };
      }),
      alarms,
      logGroups: `/ecs/${release.name}`,
      latencyUnit: "seconds",
    });
  }

  /**
   * The functions that are asked, where the tasks are.
   *
   * @param statements what each may do besides. @default - what CodeDeploy's hooks need
   */
  protected addHooks(statements?: RolloutHooksProps["statements"]): readonly AskedHook[] {
    const { release, target, network, balancer } = this;
    const { name, ecs, hooks } = release;
    const props = { name, target, hooks, statements };
    if (deployedHooks(hooks).length === 0) return addRolloutHooks(this, { ...props, asks: () => ({}) });
    new ArchiveProvider(this, "archive");
    const group = new HookSecurityGroup(this, constructIds.hooksSecurityGroup, {
      name,
      network,
      balancer,
      ecs,
    });
    const asks = {
      environment: { ENDPOINT: balancer.endpoint, TEST_ENDPOINT: balancer.testEndpoint },
      vpc: { subnetIds: [...network.taskSubnetIds], securityGroupIds: [group.groupId] },
    };
    return addRolloutHooks(this, { ...props, asks: () => asks });
  }
}
