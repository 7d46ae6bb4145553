import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./project";

export const openTofuRegistry = "registry.opentofu.org";

/** The OpenTofu of `TOFU_BINARY`, else of the path; nothing where there is none, which is said aloud. */
export function openTofu(): string | undefined {
  const name = process.env["TOFU_BINARY"] || "tofu";
  const { status } = spawnSync(name, ["version"], { stdio: "ignore" });
  if (status === 0) return name;
  process.stderr.write(
    `\nOPENTOFU TESTS SKIPPED: ${name} cannot be run; set TOFU_BINARY, or put tofu on the path\n\n`,
  );
  return undefined;
}

/**
 * Has OpenTofu take the providers that `terraform init` has installed in a folder, as if they were its registry's.
 *
 * @returns the variables that lead OpenTofu to them, and the folder that has them
 */
export function mirrorOf(initialized: string) {
  const installed = join(initialized, ".terraform/providers/registry.terraform.io");
  const folder = temporaryFolder();
  const mirror = join(folder, "mirror");
  // A mirror is searched down to a platform's folder, which may be a link and nothing above it.
  for (const path of readdirSync(installed, { recursive: true, encoding: "utf8" })) {
    if (path.split("/").length !== 4) continue;
    const link = join(mirror, openTofuRegistry, path);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(installed, path)), link);
  }
  const configuration = join(folder, "tofurc");
  writeFileSync(
    configuration,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
  );
  return { mirror, variables: { TF_CLI_CONFIG_FILE: configuration } };
}
