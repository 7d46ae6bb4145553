import type { ComputePlatform } from "@aws-sdk/client-codedeploy";
import { ApiError } from "./protocol";

/** AWS's default is Server, which needs an agent on each host: there is none here. */
export function checkPlatform(platform: ComputePlatform = "Server"): ComputePlatform {
  if (platform === "Lambda" || platform === "ECS") return platform;
  throw new ApiError(
    "InvalidComputePlatformException",
    `'computePlatform' must be Lambda or ECS at this endpoint, got "${platform}"`,
  );
}
