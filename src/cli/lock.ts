import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProject, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import type { Cli } from "./verb";

/** Where the engineers and the CI of a project may work. */
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

export function addLock({ program }: Cli): void {
  program
    .command("lock")
    .description(
      "write the hashes of Terraform's or OpenTofu's providers into .terraform.lock.hcl, for all stacks and platforms",
    )
    .option("--platform <os_arch...>", "platforms", platforms)
    .option("--fs-mirror <folder>", "take the providers from a folder (default: their registry)")
    .option("--net-mirror <url>", "take the providers from a mirror (default: their registry)")
    .action((options) => lock(findProject(), options));
}

interface Options {
  readonly platform: readonly string[];
  readonly fsMirror?: string;
  readonly netMirror?: string;
}

async function lock(project: string, { platform, fsMirror, netMirror }: Options): Promise<void> {
  const { stackFiles } = await import("../rehearsal/terraform/configuration.js");
  const { lockFile, ProviderLock } = await import("../synth/provider-lock.js");
  const { synthesize } = await import("../synth/synthesize.js");
  const { terraformBinary } = await import("../synth/terraform-binary.js");
  const { writeWhole } = await import("../terminal/whole-file.js");
  const stacks = [...stackFiles(synthesize(project)).values()];
  const required_providers = Object.assign({}, ...stacks.map(requiredProviders));
  const folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const options = [
      ...platform.map((one) => `-platform=${one}`),
      ...(fsMirror === undefined ? [] : [`-fs-mirror=${fsMirror}`]),
      ...(netMirror === undefined ? [] : [`-net-mirror=${netMirror}`]),
    ];
    const args = ["providers", "lock", ...options];
    const program = terraformBinary();
    const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "inherit" });
    if (error !== undefined) throw new Unable(`${program} cannot be run: ${error.message}`);
    if (status !== 0) throw new Unable(`${program} providers lock ended with exit code ${status}`);
    const made = ProviderLock.parse(readFileSync(join(folder, lockFile), "utf8"));
    const text = made.besides(ProviderLock.of(filesOnDisk(project)));
    writeWhole(join(project, lockFile), text, { name: lockFile });
    synthesize(project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requiredProviders(stackFile: string): object {
  return JSON.parse(readFileSync(stackFile, "utf8")).terraform.required_providers;
}
