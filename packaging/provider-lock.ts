import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Terraform's dependency lock file: the versions of the providers, and the hashes that their packages must have. */
export const lockFile = ".terraform.lock.hcl";

/** The providers that a stack asks for, by their local names. */
export type RequiredProviders = Readonly<
  Record<string, { readonly source: string; readonly version: string }>
>;

/**
 * Writes beside each stack's JSON what the project's lock file says of the stack's providers, and of no other:
 * `terraform init -lockfile=readonly` refuses a lock with a provider too many.
 *
 * @param project the project's folder, which holds the lock file
 * @param stackFiles path of each `cdk.tf.json`
 */
export function lockProviders(project: string, stackFiles: readonly string[]): void {
  const file = join(project, lockFile);
  if (!existsSync(file)) return;
  const [head = "", ...blocks] = readFileSync(file, "utf8").split(/^(?=provider )/m);
  for (const stack of stackFiles) {
    const addresses = Object.values(requiredProviders(stack)).map(({ source }) => addressOf(source));
    const own = blocks.filter((block) => addresses.some((one) => block.startsWith(`provider "${one}"`)));
    writeFileSync(join(dirname(stack), lockFile), `${[head, ...own].join("").trimEnd()}\n`);
  }
}

export function requiredProviders(stackFile: string): RequiredProviders {
  return JSON.parse(readFileSync(stackFile, "utf8")).terraform.required_providers;
}

/** `aws` and `hashicorp/aws` are short for `registry.terraform.io/hashicorp/aws`. */
function addressOf(source: string): string {
  const parts = source.split("/");
  return ["registry.terraform.io", "hashicorp"]
    .slice(0, 3 - parts.length)
    .concat(parts)
    .join("/");
}
