import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { whyNotInstallable } from "../support/terraform-providers";
import { installLocalStack } from "./local-aws";
import { installMoto } from "./local-ecs";

/** What every file needs is there before the first begins: two that install it at once are in each other's way. */
export default function setup(): void {
  if (process.env["AWS_ENDPOINT_URL"] === undefined) installLocalStack();
  installMoto();
  // Where cdktf has Terraform keep providers.
  process.env["TF_PLUGIN_CACHE_DIR"] ??= join(homedir(), ".terraform.d/plugin-cache");
  mkdirSync(process.env["TF_PLUGIN_CACHE_DIR"], { recursive: true });
  const reason = whyNotInstallable("aws");
  if (reason !== undefined) throw new Error(reason);
  whyNotInstallable("archive");
}
