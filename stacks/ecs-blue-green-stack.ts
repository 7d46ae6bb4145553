import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { CodedeployRollout } from "../constructs/codedeploy-rollout";
import { ContainerService } from "../constructs/container-service";
import { tasksOf } from "../constructs/task-rollout";
import { constructIds } from "../src/release/construct-ids";
import type { EcsBlueGreenRelease } from "../src/release/strategies/ecs-blue-green";
import { ContainersStack } from "./containers-stack";

/**
 * Tasks behind a load balancer. The service is made at the stable version, and CodeDeploy moves it from then on: what
 * the file says of stable and canary changes nothing here. A version brings its task definition.
 *
 * Outputs: `endpoint`, `test_endpoint`, `service` (cluster, service, container, port), `task_definitions` (ARNs by
 * version), `codedeploy` (application and deployment group), `alarms`, `hooks` (names in AWS).
 */
export class EcsBlueGreenStack extends ContainersStack<EcsBlueGreenRelease> {
  constructor(scope: Construct, release: EcsBlueGreenRelease) {
    super(scope, release, { withRules: false });
    const { name, service, environment, ecs, rollout } = release;
    const { target, network, balancer } = this;
    const roles = this.addTaskRoles();
    const tasks = this.addTasks(roles);
    const containers = new ContainerService(this, constructIds.containers, {
      name,
      containerName: service,
      network,
      balancer,
      ecs,
      taskDefinitionArn: tasks[release.stable.name] as string,
      protect: environment.protect,
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
      hookArns: this.addHooks().map(({ arn }) => arn),
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
}
