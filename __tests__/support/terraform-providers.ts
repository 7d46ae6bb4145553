import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const sources = {
  aws: { source: "hashicorp/aws", version: "5.100.0" },
  archive: { source: "hashicorp/archive", version: "2.7.1" },
};

/** Why `terraform init` cannot install a provider, or `undefined` when it can. */
export function whyNotInstallable(provider: keyof typeof sources): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "providers-"));
  try {
    if (spawnSync("terraform", ["version"]).status !== 0) return "terraform is not on the path";
    const required_providers = { [provider]: sources[provider] };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const { status, stderr } = spawnSync("terraform", ["init", "-input=false", "-no-color"], {
      cwd: folder,
      encoding: "utf8",
    });
    return status === 0
      ? undefined
      : `terraform init cannot install the ${provider} provider: ${stderr.trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let archive: boolean | undefined;

/** Without it the handlers are zipped in advance, which is said aloud. */
export function canInstallArchiveProvider(): boolean {
  if (archive === undefined) {
    archive = whyNotInstallable("archive") === undefined;
    if (!archive) {
      process.stderr.write(
        "The archive provider cannot be installed here: handlers are zipped in advance.\n",
      );
    }
  }
  return archive;
}
