import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Finds out whether there is anything to plan with, before a test is defined. */
export default function setup(): void {
  const reason = missing();
  if (reason === undefined) return;
  const message = `PLAN TESTS SKIPPED: ${reason}`;
  if (process.env["CI"] !== undefined) throw new Error(message);
  const line = "!".repeat(Math.min(message.length, 100));
  process.stderr.write(`\n${line}\n${message}\n${line}\n\n`);
  process.env["PLANS_SKIPPED_BECAUSE"] = reason;
}

function missing(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    if (spawnSync("terraform", ["version"]).status !== 0) return "terraform is not on the path";
    const aws = { source: "hashicorp/aws", version: "5.100.0" };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { aws } } }),
    );
    const { status, stderr } = spawnSync("terraform", ["init", "-input=false", "-no-color"], {
      cwd: folder,
      encoding: "utf8",
    });
    return status === 0 ? undefined : `terraform init cannot install the AWS provider: ${stderr.trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
