import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { FunctionSettings } from "../release/functions/function-settings";
import type { Problem } from "../release/problem";
import { cached, NotInstalled } from "./cache-folder";
import { withNotice } from "./install-notice";
import { packagesIn } from "./lock-packages";
import { isUnreachable, runInstaller } from "./run-installer";
import { workspaceLock } from "./workspace-lock";

type Architecture = FunctionSettings["architecture"];

/** The packages of one folder below lambdas/ that has a lock file of its own, or that is a workspace. */
export interface Installation {
  /** The folder of the lock file, relative to the project. */
  readonly folder: string;
  /** Where they are: a folder of the machine's cache that holds `node_modules`. */
  readonly home: string;
  /** Workspaces whose packages these are: folders relative to `folder`, with their own code. @default - none */
  readonly workspaces?: readonly string[];
}

/** The lock file of npm that counts below lambdas/. */
const lockFile = "package-lock.json";

/** Lock files of other package managers, and an older one of npm: what they lock would not be installed. */
const otherLockFiles = ["npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];

/**
 * Installs what the lock files of a function's folder, and of those above it up to the service's own, say. The nearest
 * of these that is a workspace has its packages from the lock file of all workspaces.
 *
 * @param folder the function's, relative to the project
 * @returns the nearest first
 */
export async function installPackages(
  project: string,
  folder: string,
  architecture: Architecture,
): Promise<{ readonly installed: readonly Installation[]; readonly problems: readonly Problem[] }> {
  const locked = foldersOf(folder).filter((one) => existsSync(join(project, one, lockFile)));
  const unread = foldersOf(folder)
    .filter((one) => !locked.includes(one))
    .flatMap((one) => otherLockFiles.map((name) => posix.join(one, name)))
    .filter((file) => existsSync(join(project, file)));
  const [shared] = foldersOf(folder)
    .filter((one) => !locked.includes(one))
    .flatMap((one) => workspaceLock(project, one) ?? []);
  const found = await Promise.all([
    ...locked.map((one) => install(project, one, architecture)),
    ...(shared === undefined ? [] : [installShared(project, folder, shared, architecture)]),
  ]);
  return {
    installed: found.flatMap((one) => ("home" in one ? [one] : [])),
    problems: [...unread.map(notOfNpm), ...found.flatMap((one) => ("home" in one ? [] : [one]))],
  };
}

function notOfNpm(file: string): Problem {
  const message = `must not be the only lock file here: synthesis installs what ${lockFile} locks; run 'npm install --package-lock-only' in ${posix.dirname(file)}, and commit ${lockFile}`;
  return { file, field: [], message };
}

/** `lambdas/shop/v2` and `lambdas/shop`. */
function foldersOf(folder: string): string[] {
  const above = posix.dirname(folder);
  return above.includes("/") ? [folder, ...foldersOf(above)] : [folder];
}

async function install(
  project: string,
  folder: string,
  architecture: Architecture,
): Promise<Installation | Problem> {
  const file = posix.join(folder, lockFile);
  const problem = (message: string): Problem => ({ file, field: [], message });
  if (!existsSync(join(project, folder, "package.json"))) return problem("must have package.json beside it");
  const [manifest, lock] = ["package.json", lockFile].map((name) =>
    readFileSync(join(project, folder, name)),
  );
  if (manifest === undefined || lock === undefined) return problem("must be readable");
  const locked = packagesIn(lock.toString());
  if (locked === undefined) return problem("must be JSON, as npm writes it");
  const linked = Object.keys(locked).filter((key) => locked[key]?.link === true);
  if (linked.length > 0)
    return problem(
      locked[""]?.workspaces === undefined
        ? `must lock packages of a registry, but ${linked.join(", ")} is a folder: import it by its path, or publish it`
        : `must lock packages of a registry, but ${linked.join(", ")} is a workspace: take 'workspaces' out of package.json, import such folders by their paths, and run 'npm install --no-workspaces' in ${folder}`,
    );
  const count = Object.keys(locked).filter((key) => key.startsWith("node_modules/")).length;
  const files = new Map([
    ["package.json", manifest.toString()],
    [lockFile, lock.toString()],
  ]);
  const names = ["1", architecture, ...files.values()];
  const home = await installFiles(names, files, (into) =>
    withNotice(count, "npm", folder, () => npmCi(project, { folder, root: folder }, into, architecture)),
  );
  return typeof home === "string" ? { folder, home } : problem(home.message);
}

/** Installs what a workspace needs of the lock file of all. */
async function installShared(
  project: string,
  folder: string,
  shared: Exclude<ReturnType<typeof workspaceLock>, undefined>,
  architecture: Architecture,
): Promise<Installation | Problem> {
  if ("problem" in shared) return shared.problem;
  const { root, workspaces, files, count } = shared;
  const names = ["workspaces 1", architecture, ...[...files].flat()];
  const home = await installFiles(names, files, (into) =>
    withNotice(count, "npm", folder, () => npmCi(project, { folder, root }, into, architecture)),
  );
  if (typeof home === "string") return { folder: root, home, workspaces };
  return { file: posix.join(root, lockFile), field: [], message: home.message };
}

/** @param names what names the installation, to the bit */
async function installFiles(
  names: readonly string[],
  files: ReadonlyMap<string, string>,
  run: (into: string) => Promise<void>,
): Promise<string | NotInstalled> {
  const digest = createHash("sha256").update(names.join("\0")).digest("hex").slice(0, 32);
  try {
    return await cached(`npm-${digest}`, async (into) => {
      for (const [path, content] of files) {
        await mkdir(dirname(join(into, path)), { recursive: true });
        await writeFile(join(into, path), content);
      }
      await run(into);
    });
  } catch (error) {
    if (!(error instanceof NotInstalled)) throw error;
    return error;
  }
}

/** @throws NotInstalled */
async function npmCi(
  project: string,
  { folder, root }: { readonly folder: string; readonly root: string },
  into: string,
  architecture: Architecture,
): Promise<void> {
  // It may hold what a registry asks for, and must not stay in the cache.
  const settings = [...foldersOf(folder), "", root]
    .map((one) => join(project, one, ".npmrc"))
    .find(existsSync);
  if (settings !== undefined) await copyFile(settings, join(into, ".npmrc"));
  const { status, output } = await runInstaller(
    "npm",
    [
      "ci",
      "--ignore-scripts",
      "--omit=dev",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=1000",
      // Whatever this machine is, the packages are those for Lambda.
      "--os=linux",
      `--cpu=${architecture === "arm64" ? "arm64" : "x64"}`,
      "--libc=glibc",
    ],
    into,
  );
  await rm(join(into, ".npmrc"), { force: true });
  if (status === 0) return;
  if (status === undefined)
    throw new NotInstalled(`must be installed by npm, which cannot be run: ${output}`);
  if (isUnreachable(output))
    throw new NotInstalled(
      "must be installed once from the registry, which cannot be reached: connect to the network and run the command again",
    );
  if (output.includes("code EUSAGE"))
    throw new NotInstalled(
      `must be in sync with package.json: run 'npm install' in ${root === "" ? "the project" : root}`,
    );
  throw new NotInstalled(`must be a lock file that 'npm ci' installs: ${firstLine(output)}`);
}

/** What npm says of an error, without its code. */
function firstLine(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/i, "").trim());
  return lines.find((line) => line !== "" && !line.startsWith("code ")) ?? "npm ci failed";
}
