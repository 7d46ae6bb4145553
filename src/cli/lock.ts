import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackFiles } from "../rehearsal/terraform/configuration";
import { lockFile } from "../synth/provider-lock";
import { synthesize } from "../synth/synthesize";
import { terraformBinary } from "../synth/terraform-binary";
import { guardOutput } from "../terminal/output";
import { writeWhole } from "../terminal/whole-file";

const project = join(__dirname, "../..");

/** Where the engineers and the CI of a project may work. */
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

/**
 * Makes the lock file of the providers anew, for all stacks and platforms: `npx lambda-release lock`. Options go to
 * `terraform providers lock`: `-fs-mirror=<folder>` or `-net-mirror=<url>` where the registry is out of reach,
 * `-platform=<os>_<arch>` in place of the usual ones.
 */
function lock(options: readonly string[]): void {
  const stacks = [...stackFiles(synthesize(project)).values()];
  const required_providers = Object.assign({}, ...stacks.map(requiredProviders));
  const folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const usual = options.some((option) => option.startsWith("-platform")) ? [] : platforms;
    const args = ["providers", "lock", ...usual.map((platform) => `-platform=${platform}`), ...options];
    const { status, error } = spawnSync(terraformBinary(), args, { cwd: folder, stdio: "inherit" });
    if (error !== undefined) throw new Error(`${terraformBinary()} cannot be run: ${error.message}`);
    if (status !== 0) throw new Error(`terraform providers lock ended with exit code ${status}`);
    writeWhole(join(project, lockFile), readFileSync(join(folder, lockFile), "utf8"), { name: lockFile });
    synthesize(project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requiredProviders(stackFile: string): object {
  return JSON.parse(readFileSync(stackFile, "utf8")).terraform.required_providers;
}

guardOutput(1);
try {
  lock(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
