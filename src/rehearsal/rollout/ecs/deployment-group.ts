import type { CreateDeploymentGroupInput, DeploymentReadyAction } from "@aws-sdk/client-codedeploy";
import type { Arguments } from "../../terraform/configuration";
import { blockIn } from "../planned-shift";

/** What a deployment group says of a service, the load balancer before it, and of its waits. */
export function groupOf(attributes: Arguments): Partial<CreateDeploymentGroupInput> {
  const service = blockIn(attributes, "ecs_service");
  const style = blockIn(attributes, "deployment_style");
  return {
    ecsServices: service && [
      { clusterName: String(service["cluster_name"]), serviceName: String(service["service_name"]) },
    ],
    deploymentStyle: style && {
      deploymentOption: "WITH_TRAFFIC_CONTROL",
      deploymentType: "BLUE_GREEN",
    },
    loadBalancerInfo: loadBalancerOf(attributes),
    blueGreenDeploymentConfiguration: blueGreenOf(attributes),
  };
}

function loadBalancerOf(attributes: Arguments): CreateDeploymentGroupInput["loadBalancerInfo"] {
  const pair = blockIn(blockIn(attributes, "load_balancer_info") ?? {}, "target_group_pair_info");
  if (pair === undefined) return undefined;
  const route = (name: string) => {
    const block = blockIn(pair, name);
    return block && { listenerArns: block["listener_arns"] as string[] };
  };
  const groups = [pair["target_group"] ?? []].flat() as Arguments[];
  return {
    targetGroupPairInfoList: [
      {
        prodTrafficRoute: route("prod_traffic_route"),
        testTrafficRoute: route("test_traffic_route"),
        targetGroups: groups.map(({ name }) => ({ name: String(name) })),
      },
    ],
  };
}

function blueGreenOf(attributes: Arguments): CreateDeploymentGroupInput["blueGreenDeploymentConfiguration"] {
  const config = blockIn(attributes, "blue_green_deployment_config") ?? {};
  const ready = blockIn(config, "deployment_ready_option");
  const end = blockIn(config, "terminate_blue_instances_on_deployment_success");
  return {
    deploymentReadyOption: ready && {
      actionOnTimeout: ready["action_on_timeout"] as DeploymentReadyAction | undefined,
      waitTimeInMinutes: ready["wait_time_in_minutes"] as number | undefined,
    },
    terminateBlueInstancesOnDeploymentSuccess: end && {
      action: "TERMINATE",
      terminationWaitTimeInMinutes: end["termination_wait_time_in_minutes"] as number | undefined,
    },
  };
}
