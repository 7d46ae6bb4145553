import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Construct } from "constructs";
import { constructIds } from "../src/release/construct-ids";
import type { EcsSettings } from "../src/release/shifts/ecs";
import { deployNatively, type NativeDeployment } from "./native-deployment";
import { Protection } from "./protection";
import type { ServiceLoadBalancer } from "./service-load-balancer";
import type { Network } from "./service-network";
import { ServiceSecurityGroup } from "./service-security-group";

export interface ContainerServiceProps {
  /** Name of the release: that of the cluster and of its one service. */
  readonly name: string;
  /** Name of the container that is called. */
  readonly containerName: string;
  /** Where the tasks run. */
  readonly network: Network;
  /** What leads users to the tasks. */
  readonly balancer: ServiceLoadBalancer;
  /** Number of tasks, port and health check. */
  readonly ecs: EcsSettings;
  /** ARN of the task definition that it is made with. */
  readonly taskDefinitionArn: string;
  /** Whether no plan may destroy it. @default false */
  readonly protect?: boolean;
  /** How ECS itself moves users to another task definition. @default - CodeDeploy moves them */
  readonly native?: NativeDeployment;
}

/** The number of tasks, which may be scaled. */
const scaled = ["desired_count"] as const;

/**
 * What UpdateService refuses of a service that CodeDeploy deploys, and the number of tasks, which may be scaled.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const codeDeploys = [
  "task_definition",
  "load_balancer",
  "network_configuration",
  "platform_version",
  ...scaled,
];

/** Tasks behind a load balancer: created with one version; from then on CodeDeploy or ECS replaces them. */
export class ContainerService extends Construct {
  /** Name of the ECS cluster. */
  readonly clusterName: string;
  /** Name of the ECS service. */
  readonly serviceName: string;
  /** ARN of the ECS service. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ContainerServiceProps) {
    super(scope, id);
    const { name, containerName, network, balancer, ecs, taskDefinitionArn, protect, native } = props;
    const cluster = new EcsCluster(this, "cluster", { name });
    const group = this.securityGroup(props);
    const service = new EcsService(this, "Resource", {
      name,
      cluster: cluster.arn,
      launchType: "FARGATE",
      deploymentController: { type: native === undefined ? "CODE_DEPLOY" : "ECS" },
      taskDefinition: taskDefinitionArn,
      desiredCount: ecs.count,
      healthCheckGracePeriodSeconds: ecs.healthCheck.graceSeconds,
      loadBalancer:
        native === undefined
          ? [{ targetGroupArn: balancer.blue.arn, containerName, containerPort: ecs.port }]
          : undefined,
      networkConfiguration: {
        subnets: [...network.taskSubnetIds],
        securityGroups: [group.groupId],
        assignPublicIp: false,
      },
      lifecycle: { ignoreChanges: native === undefined ? codeDeploys : [...scaled] },
      dependsOn: [...balancer.listeners, ...(network.routes ?? []), ...(native?.dependsOn ?? [])],
    });
    if (native !== undefined)
      deployNatively(service, native, { balancer, containerName, containerPort: ecs.port });
    if (protect) new Protection(this, constructIds.protection, { of: service });
    this.clusterName = cluster.name;
    this.serviceName = service.name;
    this.arn = service.id;
  }

  /** Only the load balancer reaches the tasks. */
  private securityGroup({ name, network, balancer, ecs }: ContainerServiceProps): ServiceSecurityGroup {
    const group = new ServiceSecurityGroup(this, "security-group", {
      name: `${name}-tasks`,
      description: `Tasks of ${name}`,
      vpcId: network.vpcId,
    });
    group.admit("from-load-balancer", { group: balancer.securityGroup }, ecs.port);
    group.reachAll();
    balancer.securityGroup.reach("to-tasks", { group }, ecs.port);
    return group;
  }
}
