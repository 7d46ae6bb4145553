import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./project";

const sources = {
  aws: { source: "hashicorp/aws", version: "5.100.0" },
  archive: { source: "hashicorp/archive", version: "2.7.1" },
};

type Provider = keyof typeof sources;

/** Where the plans of tests have their state. */
export const stateFile = "terraform.tfstate";

/** A folder in which `terraform init` has installed providers, or why it could not. */
export function installed(providers: readonly Provider[]): { folder: string } | { reason: string } {
  const folder = temporaryFolder();
  const configuration = {
    terraform: {
      required_providers: Object.fromEntries(providers.map((name) => [name, sources[name]])),
      backend: { local: { path: stateFile } },
    },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const init = spawnSync("terraform", ["init", "-input=false", "-no-color"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (init.status === 0) return { folder };
  rmSync(folder, { recursive: true });
  if (init.error !== undefined) return { reason: "terraform is not on the path" };
  return {
    reason: `terraform init cannot install the providers ${providers.join(" and ")}: ${init.stderr.trim()}`,
  };
}

/** Why `terraform init` cannot install a provider, or `undefined` when it can. */
export function whyNotInstallable(provider: Provider): string | undefined {
  const found = installed([provider]);
  if ("reason" in found) return found.reason;
  rmSync(found.folder, { recursive: true });
  return undefined;
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
