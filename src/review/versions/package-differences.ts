/** A package that two versions bring in different versions, or one of them alone. */
export interface PackageDifference {
  readonly name: string;
  /** @default - it does not bring it */
  readonly from?: string;
  readonly to?: string;
  /** Name of the lock file. */
  readonly lock: string;
}

/** What a version's own lock files say, by the file's name. */
const lockFiles: Readonly<Record<string, (text: string) => ReadonlyMap<string, string>>> = {
  "package-lock.json": npmPackages,
  "requirements.txt": requirements,
  "uv.lock": uvPackages,
};

/**
 * What two versions bring of others, by the lock files in their folders.
 *
 * @param read a file of a version's folder, by its name
 */
export function packageDifferences(
  before: (name: string) => string | undefined,
  after: (name: string) => string | undefined,
): PackageDifference[] {
  return Object.entries(lockFiles).flatMap(([lock, packagesOf]) => {
    const [old, now] = [packagesOf(before(lock) ?? ""), packagesOf(after(lock) ?? "")];
    return [...new Set([...old.keys(), ...now.keys()])]
      .sort()
      .filter((name) => old.get(name) !== now.get(name))
      .map((name) => ({ name, from: old.get(name), to: now.get(name), lock }));
  });
}

/** https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json */
function npmPackages(text: string): ReadonlyMap<string, string> {
  let packages: Readonly<Record<string, { readonly version?: string }>> = {};
  try {
    packages = (JSON.parse(text || "{}") as { packages?: typeof packages }).packages ?? {};
  } catch {
    // npm refuses such a file itself.
  }
  return new Map(
    Object.entries(packages)
      .filter(([path]) => path !== "")
      .map(([path, { version = "" }]) => [path.replace(/^node_modules\//, ""), version]),
  );
}

/** `name==1.2.3`, as pinned requirements are: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
function requirements(text: string): ReadonlyMap<string, string> {
  const pinned = text.matchAll(/^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;#\\]+)/gm);
  return new Map([...pinned].map(([, name = "", version = ""]) => [name.toLowerCase(), version]));
}

/** https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile */
function uvPackages(text: string): ReadonlyMap<string, string> {
  const packages = text.matchAll(/^\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"/gm);
  return new Map([...packages].map(([, name = "", version = ""]) => [name, version]));
}
