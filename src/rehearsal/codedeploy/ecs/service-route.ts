import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { ServiceName } from "./ecs-api";

/** What a deployment group says of its service, and of the load balancer before it. */
export interface ServiceRoute {
  readonly name: ServiceName;
  /** The names of two. */
  readonly targetGroups: readonly string[];
  readonly listenerArn: string;
  /** @default - there is no test traffic */
  readonly testListenerArn?: string;
}

/** Of a group that has been checked. */
export function routeOf({ ecsServices, loadBalancerInfo }: DeploymentGroupInfo): ServiceRoute {
  const [service] = ecsServices ?? [];
  const [pair] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  return {
    name: { cluster: service?.clusterName || "default", service: service?.serviceName ?? "" },
    targetGroups: pair?.targetGroups?.map(({ name }) => name ?? "") ?? [],
    listenerArn: pair?.prodTrafficRoute?.listenerArns?.[0] ?? "",
    testListenerArn: pair?.testTrafficRoute?.listenerArns?.[0],
  };
}
