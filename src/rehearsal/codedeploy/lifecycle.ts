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
