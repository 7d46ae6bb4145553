import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { AwsTarget } from "../constructs/aws-target";
import { CodedeployRollout } from "../constructs/codedeploy-rollout";
import { ContainerService } from "../constructs/container-service";
import { HookSecurityGroup } from "../constructs/hook-security-group";
import { loadBalancerMetrics, MetricAlarms } from "../constructs/metric-alarms";
import { addRolloutHooks } from "../constructs/rollout-hook";
import { ServiceDashboard } from "../constructs/service-dashboard";
import { ServiceLoadBalancer } from "../constructs/service-load-balancer";
import { type Network, ServiceNetwork } from "../constructs/service-network";
import { TaskRoles } from "../constructs/task-roles";
import { tasksOf } from "../constructs/task-rollout";
import { VersionTask } from "../constructs/version-task";
import { targetGroups } from "../src/release/alarm-scopes";
import { alarmsId, constructIds } from "../src/release/construct-ids";
import { deployedHooks } from "../src/release/hooks";
import type { EcsBlueGreenRelease } from "../src/release/strategies/ecs-blue-green";
import { versionId } from "../src/release/version-id";
import { watchedScope } from "../src/release/watched";
import { addAlarmsOutput } from "./alarms-output";
import { dashboardText } from "./dashboard-text";
import { EnvironmentStack } from "./environment-stack";

/**
 * Tasks behind a load balancer. The service is made at the stable version, and CodeDeploy moves it from then on: what
 * the file says of stable and canary changes nothing here. A version brings its task definition.
 *
 * Outputs: `endpoint`, `test_endpoint`, `service` (cluster, service, container, port), `task_definitions` (ARNs by
 * version), `codedeploy` (application and deployment group), `alarms`, `hooks` (names in AWS).
 */
export class EcsBlueGreenStack extends EnvironmentStack {
  private readonly target: AwsTarget;
  /** Where its tasks and its load balancer are. */
  readonly network: Network;
  /** The load balancer before its tasks, with the users' listener and the test listener. */
  readonly balancer: ServiceLoadBalancer;

  constructor(
    scope: Construct,
    private readonly release: EcsBlueGreenRelease,
  ) {
    super(scope, release.name, release.environment);
    const { name, service, environment, ecs, rollout } = release;
    const { protect } = environment;
    this.target = new AwsTarget(this, "target");
    this.network = ecs.network ?? new ServiceNetwork(this, constructIds.network, { name });
    const { target, network } = this;
    this.balancer = new ServiceLoadBalancer(this, constructIds.loadBalancer, { name, network, ecs, protect });
    const { balancer } = this;
    const roles = new TaskRoles(this, constructIds.tasks, {
      name,
      target,
      images: release.versions.map(({ container }) => container.image),
      logRetentionDays: ecs.logRetentionDays,
    });
    const tasks = this.addTasks(roles);
    const containers = new ContainerService(this, constructIds.containers, {
      name,
      containerName: service,
      network,
      balancer,
      ecs,
      taskDefinitionArn: tasks[release.stable.name] as string,
      protect,
    });
    const alarms = this.addAlarms();
    if (release.dashboard) this.addDashboard(alarms);
    const { applicationName, deploymentGroupNames } = new CodedeployRollout(this, constructIds.rollout, {
      name,
      environment,
      target,
      subject: tasksOf({ name, target, containers, balancer, roles, rollout }),
      rollout,
      alarms,
      hookArns: this.addHooks(),
    });
    const { clusterName, serviceName } = containers;
    const outputs = {
      endpoint: balancer.endpoint,
      test_endpoint: balancer.testEndpoint,
      service: { cluster: clusterName, service: serviceName, container: service, port: ecs.port },
      task_definitions: tasks,
      codedeploy: { application: applicationName, deployment_group: deploymentGroupNames[0] },
    };
    for (const [id, value] of Object.entries(outputs)) new TerraformOutput(this, id, { value });
  }

  /** The task definition of each version. @returns their ARNs */
  private addTasks(roles: TaskRoles): Readonly<Record<string, string>> {
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
  private addAlarms(): readonly string[] {
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
  private addDashboard(alarms: readonly string[]): void {
    const { release, target, balancer } = this;
    new ServiceDashboard(this, constructIds.dashboard, {
      name: release.name,
      text: dashboardText(release),
      target,
      region: release.environment.region,
      answers: targetGroups.map((scope) => {
        const dimensions = { TargetGroup: balancer[scope].arnSuffix, LoadBalancer: balancer.arnSuffix };
        const { namespace, errors, latency } = loadBalancerMetrics;
        const metric = (metricName: string) => ({ namespace, metricName, dimensions });
        return {
          label: scope,
          requests: metric("RequestCount"),
          failed: metric(errors),
          latency: metric(latency),
        };
      }),
      alarms,
      latencyUnit: "seconds",
    });
  }

  /** The functions that CodeDeploy asks, where the tasks are. @returns their ARNs */
  private addHooks(): string[] {
    const { release, target, network, balancer } = this;
    const { name, ecs, hooks } = release;
    if (deployedHooks(hooks).length === 0)
      return addRolloutHooks(this, { name, target, hooks, asks: () => ({}) });
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
    return addRolloutHooks(this, { name, target, hooks, asks: () => asks });
  }
}
