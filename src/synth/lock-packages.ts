import { posix } from "node:path";

/**
 * One entry of a lock file of npm, of what npm writes there.
 * https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json
 */
export interface LockEntry {
  /** Whether it is a folder of this machine. */
  readonly link?: boolean;
  /** Where it is from; of a link the folder that it leads to. */
  readonly resolved?: string;
  readonly workspaces?: unknown;
  /** Whether only development needs it. */
  readonly dev?: boolean;
  /** The same where something else may have it, and does not need it. */
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What a lock file locks, by where it is installed. */
export type LockPackages = Readonly<Record<string, LockEntry>>;

/** @returns nothing where it is no lock file */
export function packagesIn(text: string): LockPackages | undefined {
  try {
    return JSON.parse(text).packages ?? {};
  } catch {
    return undefined;
  }
}

/** The names of the packages that one needs where it runs. */
export function neededBy({ dependencies, optionalDependencies, peerDependencies }: LockEntry): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** Where Node finds a package from a folder: there, or in a folder above it. */
export function nearestPackage(packages: LockPackages, folder: string, name: string): string | undefined {
  const here = posix.join(folder, "node_modules", name);
  if (!folder.endsWith("node_modules") && packages[here] !== undefined) return here;
  if (folder === "") return undefined;
  const above = posix.dirname(folder);
  return nearestPackage(packages, above === "." ? "" : above, name);
}
