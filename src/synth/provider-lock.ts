import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Terraform's dependency lock file: the versions of the providers, and the hashes that their packages must have. */
export const lockFile = ".terraform.lock.hcl";

/** Where a stack's JSON stands, and the providers that it asks for, by their addresses. */
export interface StackProviders {
  readonly folder: string;
  readonly sources: readonly string[];
}

/**
 * Writes beside each stack's JSON what the project's lock file says of the stack's providers, and of no other:
 * `terraform init -lockfile=readonly` refuses a lock with a provider too many.
 *
 * @param project the project's folder, which holds the lock file
 */
export function lockProviders(project: string, stacks: readonly StackProviders[]): void {
  const file = join(project, lockFile);
  if (!existsSync(file)) return;
  const [head = "", ...blocks] = readFileSync(file, "utf8").split(/^(?=provider )/m);
  for (const { folder, sources } of stacks) {
    const addresses = sources.map(addressOf);
    const own = blocks.filter((block) => addresses.some((one) => block.startsWith(`provider "${one}"`)));
    writeFileSync(join(folder, lockFile), `${[head, ...own].join("").trimEnd()}\n`);
  }
}

/** `aws` and `hashicorp/aws` are short for `registry.terraform.io/hashicorp/aws`. */
function addressOf(source: string): string {
  const parts = source.split("/");
  return ["registry.terraform.io", "hashicorp"]
    .slice(0, 3 - parts.length)
    .concat(parts)
    .join("/");
}
