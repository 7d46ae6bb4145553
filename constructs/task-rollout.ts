import type { EcsRolloutSettings } from "../src/release/shifts/rollout";
import type { AwsTarget } from "./aws-target";
import type { RolloutSubject } from "./codedeploy-rollout";
import type { ContainerService } from "./container-service";
import { allow } from "./policy-document";
import type { ServiceLoadBalancer } from "./service-load-balancer";
import type { TaskRoles } from "./task-roles";

export interface TaskRolloutProps {
  /** Name of the release: that of the load balancer, cluster and service. */
  readonly name: string;
  /** Partition, region and account. */
  readonly target: AwsTarget;
  /** The service whose tasks are replaced. */
  readonly containers: ContainerService;
  /** The listeners that are moved. */
  readonly balancer: ServiceLoadBalancer;
  /** The roles that CodeDeploy passes to tasks. */
  readonly roles: TaskRoles;
  /** How users are shifted, and how long CodeDeploy waits. */
  readonly rollout: EcsRolloutSettings;
}

/** A service whose users go from the tasks in one target group to those in the other. */
export function tasksOf(props: TaskRolloutProps): RolloutSubject {
  const { containers, balancer } = props;
  return {
    platform: "ECS",
    statements: renderStatements(props),
    group: {
      ecsService: { clusterName: containers.clusterName, serviceName: containers.serviceName },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [balancer.listenerArn] },
          testTrafficRoute: { listenerArns: [balancer.testListenerArn] },
          targetGroup: [{ name: balancer.blue.name }, { name: balancer.green.name }],
        },
      },
      blueGreenDeploymentConfig: renderBlueGreen(props),
    },
  };
}

function renderBlueGreen({ rollout: { waitMinutes, terminationMinutes } }: TaskRolloutProps) {
  return {
    deploymentReadyOption:
      waitMinutes === undefined
        ? { actionOnTimeout: "CONTINUE_DEPLOYMENT" }
        : { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: waitMinutes },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE",
      terminationWaitTimeInMinutes: terminationMinutes,
    },
  };
}

/** Of AWS's own policy what this service needs: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html */
function renderStatements({ name, target, containers, balancer, roles }: TaskRolloutProps) {
  const { partition, region, accountId } = target;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return [
    allow(["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"], containers.arn),
    allow(["ecs:CreateTaskSet", "ecs:DeleteTaskSet"], arn("ecs", `task-set/${name}/${name}/*`)),
    // Those that describe know no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    allow(
      [
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
      ],
      "*",
    ),
    allow(["elasticloadbalancing:ModifyListener"], [balancer.listenerArn, balancer.testListenerArn]),
    allow(["elasticloadbalancing:ModifyRule"], arn("elasticloadbalancing", `listener-rule/app/${name}/*`)),
    allow(["iam:PassRole"], [roles.executionRoleArn, roles.taskRoleArn], {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
  ];
}
