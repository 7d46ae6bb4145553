import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import type { DeploymentSettings, NativeShift } from "../src/release/shifts/deployment";
import type { ServiceLoadBalancer } from "./service-load-balancer";

/** A function that ECS asks at a stage of its deployments whether it may go on. */
export interface LifecycleHook {
  /** ARN of the function. */
  readonly arn: string;
  /** As ECS calls it: `POST_TEST_TRAFFIC_SHIFT`. */
  readonly stage: string;
}

/** How ECS moves users of a service to another task definition. */
export interface NativeDeployment {
  /** In how many steps, how fast, and how long it can be taken back at once. */
  readonly deployment: DeploymentSettings;
  /** ARN of the role that turns the load balancer and calls the hooks. */
  readonly roleArn: string;
  /** The functions that ECS calls during the deployment. */
  readonly hooks: readonly LifecycleHook[];
  /** Names of the alarms on which ECS rolls back. */
  readonly alarms: readonly string[];
  /** What must be there before ECS takes the role. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The container that the load balancer calls. */
interface Called {
  readonly balancer: ServiceLoadBalancer;
  readonly containerName: string;
  readonly containerPort: number;
}

/**
 * Has ECS deploy a service by itself. The classes of AWS provider 5 do not know these arguments, so they are added to
 * the service's JSON, as the classes of provider 6 write them.
 */
export function deployNatively(service: EcsService, native: NativeDeployment, called: Called): void {
  for (const [argument, value] of Object.entries(argumentsOf(native, called)))
    service.addOverride(argument, value);
}

function argumentsOf(native: NativeDeployment, { balancer, containerName, containerPort }: Called) {
  const { deployment, roleArn, hooks, alarms } = native;
  if (balancer.rules === undefined) throw new Error("ECS needs a load balancer with rules");
  return {
    deployment_configuration: {
      ...shiftArguments(deployment.shift),
      bake_time_in_minutes: String(deployment.bakeMinutes),
      ...(hooks.length === 0 ? {} : { lifecycle_hook: hooks.map((hook) => hookArguments(hook, roleArn)) }),
    },
    deployment_circuit_breaker: { enable: true, rollback: true },
    ...(alarms.length === 0 ? {} : { alarms: { alarm_names: [...alarms], enable: true, rollback: true } }),
    load_balancer: [
      {
        target_group_arn: balancer.blue.arn,
        container_name: containerName,
        container_port: containerPort,
        advanced_configuration: {
          alternate_target_group_arn: balancer.green.arn,
          production_listener_rule: balancer.rules.production,
          test_listener_rule: balancer.rules.test,
          role_arn: roleArn,
        },
      },
    ],
  };
}

/** The provider takes minutes as text, because none and 0 differ. */
function shiftArguments(shift: NativeShift) {
  switch (shift.kind) {
    case "canary":
      return {
        strategy: "CANARY",
        canary_configuration: {
          canary_percent: shift.percent,
          canary_bake_time_in_minutes: String(shift.minutes),
        },
      };
    case "linear":
      return {
        strategy: "LINEAR",
        linear_configuration: {
          step_percent: shift.percent,
          step_bake_time_in_minutes: String(shift.minutes),
        },
      };
    default:
      return { strategy: "BLUE_GREEN" };
  }
}

function hookArguments({ arn, stage }: LifecycleHook, roleArn: string) {
  return { hook_target_arn: arn, lifecycle_stages: [stage], role_arn: roleArn };
}
