import type { RolloutInFile } from "../schema/release";
import { rollout } from "../schema/rollout";
import type { CodeDeployPlatform } from "./rollout";

/** How a file has CodeDeploy shift, with what depends on the platform. */
export function rolloutWithDefaults(
  platform: CodeDeployPlatform,
  given: RolloutInFile = rollout.parse({}),
): RolloutInFile {
  const { config, canary, linear, terminationMinutes } = given;
  const isWayGiven = [config, canary, linear].some((way) => way !== undefined);
  return {
    ...given,
    config: isWayGiven ? config : `${platform}Canary10Percent5Minutes`,
    // Tasks alone are kept for a while.
    terminationMinutes: terminationMinutes ?? (platform === "ECS" ? 5 : undefined),
  };
}
