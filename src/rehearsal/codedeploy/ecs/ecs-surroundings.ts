import type { Clock } from "../clock";
import type { EcsApi } from "./ecs-api";
import type { LoadBalancerApi } from "./load-balancer-api";

/** What deployments of services work with. */
export interface EcsSurroundings {
  readonly clock: Clock;
  readonly ecs: EcsApi;
  readonly loadBalancer: LoadBalancerApi;
  /** Whether hooks answer by what they return, as ECS itself asks them. @default - they report to CodeDeploy */
  readonly readsHooks?: boolean;
}
