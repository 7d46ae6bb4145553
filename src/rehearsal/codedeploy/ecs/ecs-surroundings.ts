import type { Clock } from "../clock";
import type { EcsApi } from "./ecs-api";
import type { LoadBalancerApi } from "./load-balancer-api";

/** What deployments of services work with. */
export interface EcsSurroundings {
  readonly clock: Clock;
  readonly ecs: EcsApi;
  readonly loadBalancer: LoadBalancerApi;
}
