import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProjectFiles } from "../release/files/project-files";

/** Terraform's dependency lock file: the versions of the providers, and the hashes that their packages must have. */
export const lockFile = ".terraform.lock.hcl";

/** What the lock file of a project says of each provider. */
export class ProviderLock {
  private constructor(
    private readonly head: string,
    private readonly blocks: readonly string[],
  ) {}

  /** @returns one that writes nothing, where the project has no lock file */
  static of(files: ProjectFiles): ProviderLock {
    const [head = "", ...blocks] = (files.read(lockFile) ?? "").split(/^(?=provider )/m);
    return new ProviderLock(head, blocks);
  }

  /**
   * Writes beside a stack's JSON what is said of the stack's providers, and of no other: `terraform init
   * -lockfile=readonly` refuses a lock with a provider too many.
   *
   * @param sources addresses of the providers that the stack asks for
   */
  write(stackFolder: string, sources: readonly string[]): void {
    if (this.blocks.length === 0) return;
    const own = this.blocks.filter((block) => sources.some((source) => isOf(block, source)));
    writeFileSync(join(stackFolder, lockFile), `${[this.head, ...own].join("").trimEnd()}\n`);
  }
}

/** `aws` is short for `hashicorp/aws`. An address without a host means any registry: Terraform's or OpenTofu's. */
function isOf(block: string, source: string): boolean {
  const [, address = ""] = /^provider "([^"]*)"/.exec(block) ?? [];
  return address === source || address.endsWith(source.includes("/") ? `/${source}` : `/hashicorp/${source}`);
}
