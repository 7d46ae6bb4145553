import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readReleases } from "../../src/release/files/file";
import { filesOnDisk } from "../../src/release/files/project-files";
import { formatProblem } from "../../src/release/problem";

/** Files by path; an object is written as JSON, bytes as they are. */
export type Files = Readonly<Record<string, string | object>>;

/** A handler that tells its version. */
export function handler(version: string): string {
  return `export const handler = async () => ({ statusCode: 200, headers: { "x-version": "${version}" }, body: "${version}" });\n`;
}

/** The environment and handlers of a service `shop` with two versions; `files` adds to them or replaces them. */
export function shop(release: object, files: Files = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/shop/v1/shop.ts": handler("v1"),
    "lambdas/shop/v2/shop.ts": handler("v2"),
    "releases/dev/shop.json": { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1", ...release },
    ...files,
  };
}

/** A shop of one version without its code. */
export function shopWithoutCode(release: object): Files {
  const {
    "lambdas/shop/v1/shop.ts": _,
    "lambdas/shop/v2/shop.ts": __,
    ...rest
  } = shop({
    versions: ["v1"],
    ...release,
  });
  return rest;
}

/** A folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "lambda-release-test-"));
}

/** A project on disk with these files. */
export function createProject(files: Files): string {
  const project = temporaryFolder();
  writeFiles(project, files);
  return project;
}

export function writeFiles(project: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    const isAsItIs = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(file, isAsItIs ? content : JSON.stringify(content, null, 2));
  }
}

/** The lines that a project's problems are told in. */
export function problemsOf(files: Files): string[] {
  return readReleases(filesOnDisk(createProject(files))).problems.map(formatProblem);
}

/** Synthesizes a project as `main.ts` does, and returns the output folder. */
export async function synthesizeProject(
  project: string,
  outdir = join(project, "cdktf.out"),
): Promise<string> {
  // cdktf and all stacks are loaded with it, which most test files never need.
  const { synthesize } = await import("./synthesis.js");
  await synthesize(project, outdir);
  return outdir;
}

export async function synthesizeFiles(files: Files): Promise<string> {
  return synthesizeProject(createProject(files));
}
