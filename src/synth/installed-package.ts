import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AwsProvider } from "../release/aws/aws-provider";
import { toolkit } from "../release/aws/toolkit";

/** The package.json of a package, where a module finds it; nothing where it is not installed. One copy has one path. */
export function manifestOf(module: string, name: string): string | undefined {
  for (const folder of createRequire(module).resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (existsSync(file)) return realpathSync(file);
  }
  return undefined;
}

/** Whether a project finds another copy of a package than this one does. */
export function isAnotherCopy(project: string, name: string): boolean {
  const [theirs, own] = [manifestOf(join(project, "main.ts"), name), manifestOf(__filename, name)];
  return theirs !== undefined && own !== undefined && theirs !== own;
}

/** Terraform's AWS provider that a project deploys with: its package of the provider's classes names the version. @returns nothing where it is not installed */
export function awsProviderOf(project: string): AwsProvider | undefined {
  const name = toolkit.awsProvider;
  const file = manifestOf(join(project, "main.ts"), name) ?? manifestOf(__filename, name);
  if (file === undefined) return undefined;
  const { version, cdktf } = JSON.parse(readFileSync(file, "utf8"));
  return { version: cdktf.provider.version, from: `${name} ${version}` };
}
