import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cdktf, cdktn } from "../src/release/aws/toolkit";
import { renameSpecifiers } from "./rename-specifiers";

/** What the modules of the package for cdktn import, by what they import in the package for cdktf. */
export const renames = {
  [cdktf.name]: cdktn.name,
  [cdktf.awsProvider]: cdktn.awsProvider,
  [cdktf.archiveProvider]: cdktn.archiveProvider,
  [cdktf.ownPackage]: cdktn.ownPackage,
};

/** Versions that the package is tested with, which `init` writes into a project. */
const versions = {
  [cdktn.awsProvider]: "25.7.0",
  [cdktn.archiveProvider]: "14.0.1",
  [cdktn.name]: "0.24.0",
  [cdktn.cli]: "0.24.0",
  constructs: "10.7.2",
};

const peerDependencies = {
  [cdktn.archiveProvider]: "^14.0.1",
  [cdktn.awsProvider]: "^25.7.0",
  [cdktn.name]: "^0.24.0",
  constructs: ">=10.6.0 <10.8.0",
};

/** What `init` takes versions of, beside the toolkit. */
const toolsOfProjects = ["@types/jest", "@types/node", "jest", "typescript"];

interface Manifest {
  readonly description: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Makes the package for cdktn of an unpacked package for cdktf, in its folder. */
export function makeForCdktn(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (/\.(js|mjs|ts)$/.test(path))
      rewrite(join(folder, path), (text) => renameSpecifiers(path, text, renames));
  rewrite(
    join(folder, "package.json"),
    (text) => `${JSON.stringify(manifestOf(JSON.parse(text)), null, 2)}\n`,
  );
  // It names versions of other providers: 'lambda-release lock' writes that of a project.
  rmSync(join(folder, ".terraform.lock.hcl"), { force: true });
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, "utf8");
  const changed = change(text);
  if (changed !== text) writeFileSync(file, changed);
}

/** Its scripts and most of its tools are the repository's. */
function manifestOf<M extends Manifest>({ scripts: _, ...manifest }: M & { scripts?: object }): object {
  const tools = toolsOfProjects.map((name) => [name, manifest.devDependencies[name]]);
  return {
    ...manifest,
    name: cdktn.ownPackage,
    description: manifest.description.replace("CDK for Terraform", "CDK Terrain"),
    // That of cdktn-cli; its library asks for 22.11.
    engines: { node: ">=22.19.0" },
    peerDependencies,
    devDependencies: { ...Object.fromEntries(tools), ...versions },
  };
}
