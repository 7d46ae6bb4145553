import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../release/problem";
import { type LockEntry, type LockPackages, nearestPackage, neededBy, packagesIn } from "./lock-packages";

/** What a workspace needs of the lock file that it shares with the others: no more, so that no more changes it. */
export interface WorkspaceLock {
  /** The folder of the lock file, relative to the project. */
  readonly root: string;
  /** The workspace, and those that it needs: folders relative to `root`. */
  readonly workspaces: readonly string[];
  /** What `npm ci` installs: files by their paths. */
  readonly files: ReadonlyMap<string, string>;
  /** How many packages that is. */
  readonly count: number;
}

interface Manifest extends LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly overrides?: object;
}

/**
 * Reads what a folder needs of the lock file above it, if it is one of that file's workspaces.
 *
 * @param folder relative to the project, without a lock file of its own
 * @returns nothing where it is no workspace
 */
export function workspaceLock(
  project: string,
  folder: string,
): WorkspaceLock | { readonly problem: Problem } | undefined {
  if (!existsSync(join(project, folder, "package.json"))) return undefined;
  const top = workspaceRoot(dirname(join(project, folder)));
  if (top === undefined) return undefined;
  const root = slashed(relative(project, top));
  const own = slashed(relative(top, join(project, folder)));
  const file = root === "" ? lockFile : `${root}/${lockFile}`;
  const problem = (message: string, field: readonly string[] = []) => ({ problem: { file, field, message } });
  const again = `run 'npm install' in ${root === "" ? "the project" : root}`;
  const packages = packagesIn(readFileSync(join(top, lockFile), "utf8"));
  if (packages === undefined) return problem("must be JSON, as npm writes it");
  const manifest = readManifest(top);
  if (packages[own] === undefined)
    return isNamed(own, manifest?.workspaces)
      ? problem(`must lock the workspace ${own}: ${again}`)
      : undefined;
  const found = reachable(packages, own);
  if ("key" in found)
    return problem(
      "must be a package of a registry, or a workspace: import such a folder by its path, or make it a workspace",
      ["packages", found.key],
    );
  const workspaces = found.keys.filter((key) => !isInstalled(key));
  const manifests = workspaces.map((one) => [one, readManifest(join(top, one))] as const);
  const lost = manifests.find(([, one]) => one === undefined);
  if (lost !== undefined)
    return problem(`must lock folders with a package.json, but ${lost[0]} has none: ${again}`);
  const late = manifests.find(([one, given]) => !isInSync(packages[one] ?? {}, given ?? {}));
  if (late !== undefined) return problem(`must be in sync with ${late[0]}/package.json: ${again}`);
  const entries = found.keys.map(
    (key) => [key, installedAlike(packages[key] ?? {}, !isInstalled(key))] as const,
  );
  const locked = { "": { workspaces }, ...Object.fromEntries(entries) };
  const contents: readonly (readonly [string, object])[] = [
    ["package.json", { private: true, workspaces, overrides: manifest?.overrides }],
    [lockFile, { lockfileVersion: 3, requires: true, packages: locked }],
    ...manifests.map(([one, given]) => [`${one}/package.json`, ofUse(given ?? {})] as const),
  ];
  return {
    root,
    workspaces,
    files: new Map(
      contents.map(([path, content]) => [path, `${JSON.stringify(content, undefined, 2)}\n`] as const),
    ),
    count: found.keys.filter((key) => isInstalled(key) && packages[key]?.link !== true).length,
  };
}

const lockFile = "package-lock.json";

/** The nearest folder whose lock file may be that of workspaces. */
function workspaceRoot(folder: string): string | undefined {
  if (existsSync(join(folder, lockFile)) && readManifest(folder)?.workspaces !== undefined) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : workspaceRoot(above);
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** By where they are, a workspace and all that it needs where it runs. @returns the first that is no workspace's folder */
function reachable(
  packages: LockPackages,
  workspace: string,
): { readonly keys: readonly string[] } | { readonly key: string } {
  const keys = new Set([workspace]);
  for (const key of keys) {
    for (const name of neededBy(packages[key] ?? {})) {
      const needed = nearestPackage(packages, key, name);
      // What is optional, or missing: npm says which.
      if (needed === undefined) continue;
      keys.add(needed);
      const { link, resolved = "" } = packages[needed] ?? {};
      if (!link) continue;
      if (resolved.startsWith("..") || packages[resolved] === undefined) return { key: needed };
      keys.add(resolved);
    }
  }
  // By such a link the root has each of its workspaces.
  const links = Object.keys(packages).filter((key) => {
    const { link, resolved = "" } = packages[key] ?? {};
    return link === true && keys.has(resolved);
  });
  return { keys: [...new Set([...keys, ...links])].sort() };
}

function isInstalled(key: string): boolean {
  return /(^|\/)node_modules\//.test(key);
}

/** An entry without what only others that share the lock file need of it. */
function installedAlike({ dev: _, devOptional, ...kept }: LockEntry, isWorkspace: boolean): object {
  if (isWorkspace) return ofUse(kept);
  return devOptional === true ? { ...kept, optional: true } : kept;
}

/** Of a workspace, npm itself takes what the lock file says of it. */
function isInSync(locked: LockEntry, manifest: LockEntry): boolean {
  const [before, now] = [locked, manifest].map(
    ({ dependencies, optionalDependencies, peerDependencies }) => ({
      ...peerDependencies,
      ...dependencies,
      ...optionalDependencies,
    }),
  );
  return isDeepStrictEqual(before, now);
}

/** What of a workspace is needed where it runs. */
function ofUse(manifest: Manifest & { readonly peerDependenciesMeta?: object }): object {
  const { name, version, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    manifest;
  return { name, version, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta };
}

/** Whether the patterns of `workspaces` name a folder. */
function isNamed(folder: string, workspaces: unknown): boolean {
  const given = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown })?.packages;
  const patterns = Array.isArray(given) ? given.map(String) : [];
  const isIn = (all: readonly string[]) => all.some((pattern) => patternOf(pattern).test(folder));
  const [without, within] = [true, false].map((isLeftOut) =>
    patterns.filter((pattern) => pattern.startsWith("!") === isLeftOut),
  ) as [string[], string[]];
  return isIn(within) && !isIn(without.map((pattern) => pattern.slice(1)));
}

/** `packages/*`, `packages/**` */
function patternOf(pattern: string): RegExp {
  const parts = pattern
    .replace(/^\.\//, "")
    .replace(/\/$/, "")
    .split(/(\*\*|\*)/);
  const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const text = parts.map((part) => ({ "**": ".*", "*": "[^/]*" })[part] ?? literally(part)).join("");
  return new RegExp(`^${text}$`);
}

function slashed(path: string): string {
  return path.replaceAll(sep, "/");
}
