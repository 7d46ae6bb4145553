import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { FunctionSettings } from "../release/function-settings";
import type { Problem } from "../release/problem";
import { cached, NotInstalled } from "./cache-folder";
import { withNotice } from "./install-notice";
import { isUnreachable, runInstaller } from "./run-installer";

type Architecture = FunctionSettings["architecture"];

/** The packages of one folder below lambdas/ that has a lock file of its own. */
export interface Installation {
  /** The folder, relative to the project. */
  readonly folder: string;
  /** Where they are: a folder of the machine's cache that holds `node_modules`. */
  readonly home: string;
}

/** The lock file of npm that counts below lambdas/. */
const lockFile = "package-lock.json";

/**
 * Installs what the lock files of a function's folder, and of those above it up to the service's own, say.
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
  const found = await Promise.all(locked.map((one) => install(project, one, architecture)));
  return {
    installed: found.flatMap((one) => ("home" in one ? [one] : [])),
    problems: found.flatMap((one) => ("home" in one ? [] : [one])),
  };
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
  const digest = createHash("sha256")
    .update(["1", architecture, manifest.toString(), lock.toString()].join("\0"))
    .digest("hex")
    .slice(0, 32);
  try {
    const home = await cached(`npm-${digest}`, async (into) => {
      await writeFile(join(into, "package.json"), manifest);
      await writeFile(join(into, lockFile), lock);
      await withNotice(count, "npm", folder, () => npmCi(project, folder, into, architecture));
    });
    return { folder, home };
  } catch (error) {
    if (!(error instanceof NotInstalled)) throw error;
    return problem(error.message);
  }
}

/** One entry of a lock file, of what npm writes there. */
interface Locked {
  readonly link?: boolean;
  readonly workspaces?: unknown;
}

/** What a lock file locks, by where it is installed. @returns nothing where it is no lock file */
function packagesIn(text: string): Readonly<Record<string, Locked>> | undefined {
  try {
    return JSON.parse(text).packages ?? {};
  } catch {
    return undefined;
  }
}

/** @throws NotInstalled */
async function npmCi(
  project: string,
  folder: string,
  into: string,
  architecture: Architecture,
): Promise<void> {
  // It may hold what a registry asks for, and must not stay in the cache.
  const settings = [...foldersOf(folder), ""].map((one) => join(project, one, ".npmrc")).find(existsSync);
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
    throw new NotInstalled(`must be in sync with package.json: run 'npm install' in ${folder}`);
  throw new NotInstalled(`must be a lock file that 'npm ci' installs: ${firstLine(output)}`);
}

/** What npm says of an error, without its code. */
function firstLine(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/i, "").trim());
  return lines.find((line) => line !== "" && !line.startsWith("code ")) ?? "npm ci failed";
}
