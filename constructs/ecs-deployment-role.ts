import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../src/release/environment/environment";
import { roleOf } from "../src/release/functions/role";
import { ecsRoleName } from "../src/release/shifts/deployment";
import { addNamedRole } from "./named-role";
import { allow, policyDocument } from "./policy-document";
import type { ServiceLoadBalancer } from "./service-load-balancer";

export interface EcsDeploymentRoleProps {
  /** Name of the release. */
  readonly name: string;
  /** The environment of the release. */
  readonly environment: Environment;
  /** What ECS turns. */
  readonly balancer: ServiceLoadBalancer;
  /** ARNs of the functions that ECS calls to check whether it may continue. */
  readonly hookArns: readonly string[];
}

/** What ECS needs to move users: a role that turns the load balancer and calls the hooks. */
export class EcsDeploymentRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** What it may do: ECS must not take it before. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: EcsDeploymentRoleProps) {
    super(scope, id);
    const { name, environment } = props;
    const { role, policy } = addNamedRole(this, "role", {
      role: roleOf(ecsRoleName(name), environment),
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "ecs.amazonaws.com" },
      }),
      policyName: "deployment",
      statements: this.renderStatements(props),
    });
    this.arn = role.arn;
    this.policy = policy;
  }

  /** Of AWS's own policy what this service needs: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
  private renderStatements({ balancer, hookArns }: EcsDeploymentRoleProps) {
    const { blue, green, listenerArn, testListenerArn, rules } = balancer;
    return [
      allow(
        [
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ],
        "*",
      ),
      allow(
        ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        [blue.arn, green.arn],
      ),
      allow(["elasticloadbalancing:ModifyListener"], [listenerArn, testListenerArn]),
      allow(["elasticloadbalancing:ModifyRule"], Object.values(rules ?? {})),
      ...(hookArns.length === 0 ? [] : [allow(["lambda:InvokeFunction"], hookArns)]),
    ];
  }
}
