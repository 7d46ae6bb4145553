import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ContainerService } from "../constructs/container-service";
import { EcsDeploymentRole } from "../constructs/ecs-deployment-role";
import type { LifecycleHook } from "../constructs/native-deployment";
import { constructIds } from "../src/release/construct-ids";
import { hookStages } from "../src/release/functions/hooks";
import type { EcsNativeRelease } from "../src/release/strategies/ecs-native";
import { ContainersStack } from "./containers-stack";

/**
 * Tasks behind a load balancer, of the stable version: with another one, an apply has ECS move users to it, as the
 * service's deployment configuration says. A version brings its task definition.
 *
 * Outputs: `endpoint`, `test_endpoint`, `service` (cluster, service, container, port), `task_definitions` (ARNs by
 * version), `alarms`, `hooks` (names in AWS).
 */
export class EcsNativeStack extends ContainersStack<EcsNativeRelease> {
  constructor(scope: Construct, release: EcsNativeRelease) {
    super(scope, release, { withRules: true });
    const { name, service, environment, ecs, deployment } = release;
    const { network, balancer } = this;
    const tasks = this.addTasks(this.addTaskRoles());
    const alarms = this.addAlarms();
    if (release.dashboard) this.addDashboard(alarms);
    const hooks = this.lifecycleHooks();
    const role = new EcsDeploymentRole(this, constructIds.rollout, {
      name,
      environment,
      balancer,
      hookArns: hooks.map(({ arn }) => arn),
    });
    const { clusterName, serviceName } = new ContainerService(this, constructIds.containers, {
      name,
      containerName: service,
      network,
      balancer,
      ecs,
      taskDefinitionArn: tasks[release.stable.name] as string,
      protect: environment.protect,
      native: { deployment, roleArn: role.arn, hooks, alarms, dependsOn: [role.policy] },
    });
    const outputs = {
      endpoint: balancer.endpoint,
      test_endpoint: balancer.testEndpoint,
      service: { cluster: clusterName, service: serviceName, container: service, port: ecs.port },
      task_definitions: tasks,
    };
    for (const [id, value] of Object.entries(outputs)) new TerraformOutput(this, id, { value });
  }

  /** They report to ECS by their answer, for which their roles need nothing. */
  private lifecycleHooks(): readonly LifecycleHook[] {
    return this.addHooks([]).map(({ moment, arn }) => ({
      arn,
      stage: hookStages[moment as keyof typeof hookStages],
    }));
  }
}
