/** In the order of all platforms. */
export type LifecycleEventName =
  | "BeforeInstall"
  | "Install"
  | "AfterInstall"
  | "AllowTestTraffic"
  | "AfterAllowTestTraffic"
  | "BeforeAllowTraffic"
  | "AllowTraffic"
  | "AfterAllowTraffic";

/**
 * The stages at which ECS itself asks hooks, by CodeDeploy's names for the moments.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export const ecsStages: Readonly<Partial<Record<LifecycleEventName, string>>> = {
  AfterInstall: "POST_SCALE_UP",
  AfterAllowTestTraffic: "POST_TEST_TRAFFIC_SHIFT",
  AfterAllowTraffic: "POST_PRODUCTION_TRAFFIC_SHIFT",
};
