import { type AppSpec, invalid } from "../app-spec";
import type { GroupSettings } from "../group";
import type { Platform } from "../platform";
import { readEcsAppSpec } from "./ecs-app-spec";
import type { EcsSurroundings } from "./ecs-surroundings";
import { EcsTarget } from "./ecs-target";

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
