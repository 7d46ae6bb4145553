import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cdktn } from "../../src/release/aws/toolkit";
import { cached } from "../../src/synth/cache-folder";
import { projectFolder } from "./command";
import { temporaryFolder } from "./project";

interface Manifest {
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The package for cdktn, made of the repository's dist/ as `npm run pack:cdktn` makes it, and what it stands beside. */
export class CdktnPackage {
  private constructor(
    /** Its unpacked files. */
    readonly folder: string,
    /** Where the toolkit is installed, by npm: half a GB, so once for the machine. */
    private readonly toolkit: string,
  ) {}

  /** @param tarball of the package for cdktf. @default - the repository, packed without types */
  static async make(tarball?: string): Promise<CdktnPackage> {
    const packed = temporaryFolder();
    if (tarball !== undefined) cpSync(tarball, join(packed, "package.tgz"));
    const given = tarball === undefined ? packRepository(packed) : "package.tgz";
    const script = ["run", "--silent", "pack:cdktn", "--", join(packed, given)];
    succeeds(packed, "tar", ["xzf", succeeds(projectFolder, "npm", script).trim()]);
    const folder = join(packed, "package");
    return new CdktnPackage(folder, await installed(manifestOf(folder)));
  }

  get manifest(): Manifest {
    return manifestOf(this.folder);
  }

  /** Installs it in a project with its peers; all else is that of this repository, where no cdktf is found. */
  installIn(project: string): void {
    const modules = join(project, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    const own = join(projectFolder, "node_modules");
    const isForeign = (name: string) => /^(\.|@?cdktf|constructs$|lambda-release|provider-aws-6$)/.test(name);
    for (const [from, names] of [
      [own, readdirSync(own).filter((name) => !isForeign(name))],
      [this.toolkit, readdirSync(this.toolkit).filter((name) => !name.startsWith("."))],
    ] as const)
      for (const name of names) symlinkSync(join(from, name), join(modules, name));
    for (const name of ["jest", "tsc"]) symlinkSync(join(own, ".bin", name), join(modules, ".bin", name));
    cpSync(this.folder, join(modules, cdktn.ownPackage), { recursive: true });
    symlinkSync(`../${cdktn.ownPackage}/bin.js`, join(modules, ".bin/lambda-release"));
  }
}

/** @returns the name of the tarball */
function packRepository(destination: string): string {
  return succeeds(projectFolder, "npm", [
    "pack",
    "--ignore-scripts",
    "--pack-destination",
    destination,
  ]).trim();
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** The node_modules of the peers, at the versions that the package is tested with. */
async function installed({ devDependencies, peerDependencies }: Manifest): Promise<string> {
  const names = Object.keys(peerDependencies).sort();
  const versions = names.map((name) => `${name}@${devDependencies[name]}`);
  const folder = await cached(`test-${versions.join("-").replaceAll("/", "-")}`, async (filled) => {
    writeFileSync(join(filled, "package.json"), "{}");
    succeeds(filled, "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...versions]);
  });
  return join(folder, "node_modules");
}

/** @returns what it prints */
function succeeds(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(error?.message ?? `'${command} ${args.join(" ")}' failed: ${stderr}`);
  return stdout;
}
