import { type AppSpec, checkHooks, checkType, textOf } from "../app-spec";
import type { Clock } from "../clock";
import type { LambdaApi } from "../lambda-api";
import type { Platform } from "../platform";
import { LambdaTarget, resourceType } from "./lambda-target";

/** Deployments that shift the traffic of aliases. */
export class LambdaPlatform implements Platform {
  constructor(
    private readonly clock: Clock,
    private readonly lambda: LambdaApi,
  ) {}

  /** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
  target(appSpec: AppSpec): LambdaTarget {
    checkType(appSpec, resourceType);
    const { properties, hooks } = appSpec;
    const shift = {
      functionName: textOf(properties, "Name"),
      alias: textOf(properties, "Alias"),
      currentVersion: textOf(properties, "CurrentVersion"),
      targetVersion: textOf(properties, "TargetVersion"),
    };
    checkHooks(appSpec, ["BeforeAllowTraffic", "AfterAllowTraffic"]);
    return new LambdaTarget(shift, hooks, this.clock, this.lambda);
  }
}
