import { type AppSpec, invalid } from "../app-spec";
import type { Clock } from "../clock";
import type { GroupSettings } from "../groups";
import type { Platform } from "../platform";
import type { EcsApi } from "./ecs-api";
import { readEcsAppSpec } from "./ecs-app-spec";
import { EcsTarget } from "./ecs-target";
import type { LoadBalancerApi } from "./load-balancer-api";

/** What deployments of services work with. */
export interface EcsSurroundings {
  readonly clock: Clock;
  readonly ecs: EcsApi;
  readonly loadBalancer: LoadBalancerApi;
}

/** Deployments that put one task set of a service in place of another. */
export class EcsPlatform implements Platform {
  constructor(private readonly surroundings: EcsSurroundings) {}

  target(appSpec: AppSpec, group: GroupSettings): EcsTarget {
    const spec = readEcsAppSpec(appSpec);
    const [pair] = group.loadBalancerInfo?.targetGroupPairInfoList ?? [];
    if (appSpec.hooks.AfterAllowTestTraffic && !pair?.testTrafficRoute?.listenerArns?.length) {
      throw invalid("'AfterAllowTestTraffic' must have a 'testTrafficRoute' in the deployment group");
    }
    return new EcsTarget(spec, appSpec.hooks, group, this.surroundings);
  }
}
