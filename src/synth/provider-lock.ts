import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProjectFiles } from "../release/files/project-files";
import { defaultRegistry, isOpenTofu, terraformBinary } from "./terraform-binary";

/**
 * Terraform's dependency lock file: the versions of the providers, and the hashes that their packages must have. That
 * of a project may have a provider twice, of Terraform's registry and of OpenTofu's.
 */
export const lockFile = ".terraform.lock.hcl";

/** What a lock file says of one provider. */
interface Block {
  readonly text: string;
  /** With its host: `registry.terraform.io/hashicorp/aws`. */
  readonly address: string;
  readonly version: string;
}

/** What the lock file of a project says of each provider. */
export class ProviderLock {
  private constructor(
    private readonly head: string,
    private readonly blocks: readonly Block[],
  ) {}

  /** @returns one that writes nothing, where the project has no lock file */
  static of(files: ProjectFiles): ProviderLock {
    return ProviderLock.parse(files.read(lockFile) ?? "");
  }

  static parse(lockText: string): ProviderLock {
    const [head = "", ...texts] = lockText.split(/^(?=provider )/m);
    const blocks = texts.map((text) => {
      const [, address = ""] = /^provider "([^"]*)"/.exec(text) ?? [];
      const [, version = ""] = /^ *version *= *"([^"]*)"/m.exec(text) ?? [];
      return { text: `${text.trimEnd()}\n`, address, version };
    });
    return new ProviderLock(head, blocks);
  }

  /** @param source such as `hashicorp/aws`. @returns nothing where it has no hashes of the registry in use */
  versionOf(source: string): string | undefined {
    return this.blocks.find(({ address }) => address === addressOf(source))?.version;
  }

  /** Those of the providers, with their hosts, that it has no hashes of. */
  missing(sources: readonly string[]): string[] {
    return sources.filter((source) => this.versionOf(source) === undefined).map(addressOf);
  }

  /**
   * This one, made anew for the registry in use, with what the one before has of the other registry: of a provider whose
   * version is still the same.
   */
  besides(before: ProviderLock): string {
    const left = before.blocks.filter(
      (old) =>
        registries.some((host) => old.address.startsWith(`${host}/`)) &&
        !old.address.startsWith(`${defaultRegistry()}/`) &&
        this.blocks.some((made) => pathOf(made) === pathOf(old) && made.version === old.version),
    );
    return textOf(this.head, [...left, ...this.blocks]);
  }

  /** The text without a provider's hashes of other versions than this one. */
  without(source: string, version: string): string {
    const isAnother = (block: Block) => block.address.endsWith(`/${source}`) && block.version !== version;
    const left = this.blocks.filter((block) => !isAnother(block));
    return textOf(this.head, left);
  }

  /**
   * Writes beside a stack's JSON what is said of the stack's providers, and of no other: `terraform init
   * -lockfile=readonly` refuses a lock with a provider too many.
   *
   * @param sources addresses of the providers that the stack asks for
   */
  write(stackFolder: string, sources: readonly string[]): void {
    if (this.blocks.length === 0) return;
    const own = sources.map(addressOf);
    const blocks = this.blocks.filter(({ address }) => own.includes(address));
    const file = join(stackFolder, lockFile);
    // One of the other registry may be there, of a synthesis before.
    if (blocks.length === 0) rmSync(file, { force: true });
    else writeFileSync(file, textOf(this.head, blocks));
  }
}

const registries = ["registry.terraform.io", "registry.opentofu.org"];

function pathOf({ address }: Block): string {
  return address.slice(address.indexOf("/") + 1);
}

function textOf(head: string, blocks: readonly Block[]): string {
  const sorted = [...blocks].sort((one, other) => (one.address < other.address ? -1 : 1));
  return `${head}${sorted.map(({ text }) => text).join("\n")}`;
}

/** `aws` is short for `hashicorp/aws`, and an address without a host is one of the registry in use. */
function addressOf(source: string): string {
  const parts = source.split("/");
  if (parts.length === 3) return source;
  return [defaultRegistry(), ...(parts.length === 1 ? ["hashicorp"] : []), ...parts].join("/");
}

/** The command that writes the lock file for the registry in use. */
export function lockCommand(): string {
  return `${isOpenTofu() ? `TERRAFORM_BINARY_NAME=${terraformBinary()} ` : ""}npx lambda-release lock`;
}
