import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix, relative } from "node:path";
import { toolkit } from "../release/aws/toolkit";
import type { DeployedFunction } from "../release/functions/deployed-function";
import { stemOf } from "../release/functions/entry-files";
import type { HandlerSource } from "../release/functions/function-settings";
import { guardName } from "../release/guard";
import { formatProblem } from "../release/problem";
import { deployedFunctions, type Release } from "../release/release";
import { isZip } from "../synth/built-code";
import { layerPackage } from "../synth/built-packages";
import { differentPaths } from "../synth/different-paths";
import { type PackageFiles, packageHandlers } from "../synth/handler-files";
import { linkPackages } from "../synth/lent-packages";
import { bundledFiles } from "./bundled-files";
import { cannotReview } from "./cannot-review";
import type { BaseCommit } from "./git";
import { changedPackages } from "./locked-packages";

/** Why a function's package becomes another one, by the function's name in AWS; none without a reason. */
export type ChangedCode = ReadonlyMap<string, readonly string[]>;

/** One side of a change: where its files are, and what is deployed of them. */
interface Code {
  readonly project: string;
  readonly releases: readonly Release[];
}

/**
 * Packages the functions of a commit and of the working tree, and compares them. What lock files below lambdas/ say is
 * installed for each. The packages of the project are those that are installed now, for both; what its lock file says
 * of those that a bundle holds is compared beside.
 *
 * @param base the releases of the commit
 * @param head those of the working tree
 * @throws CannotReview where the working tree's code cannot be packaged
 */
export async function changedCode(
  project: string,
  commit: BaseCommit,
  base: readonly Release[],
  head: readonly Release[],
): Promise<ChangedCode> {
  const isOfRelease = (path: string) => path.startsWith("releases/");
  if (commit.changed.every(isOfRelease) && arePackagedAlike(base, head)) return new Map();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "review-base-")));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  // Also when the process is told to end meanwhile.
  process.once("exit", clean);
  try {
    const root = join(folder, "repository");
    const copy = commit.checkOut(root);
    linkPackages(project, copy, relative(root, copy));
    const sides = { base: { project: copy, releases: base }, head: { project, releases: head } };
    return await compare(sides.base, sides.head, commit);
  } finally {
    process.off("exit", clean);
    clean();
  }
}

async function compare(base: Code, head: Code, commit: BaseCommit): Promise<ChangedCode> {
  const { packages, zips, problems } = await packageHandlers(head.project, head.releases);
  if (problems.length > 0) cannotReview(...problems.map(formatProblem));
  const { packages: before, zips: zipsBefore } = await packagesOf(base);
  const [bundled, bundledBefore] = [await bundles(head), await bundles(base)];
  const inBase = new Map(functionsOf(base).map(({ awsName, source }) => [awsName, source]));
  const changed = new Set(commit.changed);
  const [readBefore, readNow] = [reader(base), reader(head)];

  const ofBundle = (name: string, { folder, file }: HandlerSource): string[] => {
    const [old, now] = [before.get(name), packages.get(name) ?? new Map()];
    const different = old === undefined ? [] : differentPaths(old, now);
    const sourceBefore = inBase.get(name);
    const isBundle = (path: string) =>
      isBundleOf(file, path) || (sourceBefore?.language === "node" && isBundleOf(sourceBefore.file, path));
    const isOther = different.some(isBundle);
    const beside = different.filter((path) => !isBundle(path)).map((path) => posix.join(folder, path));
    const assets = kept(
      commit,
      beside.filter((path) => !isOfPackage(path)),
    );
    const inputs = bundled.get(name) ?? [];
    const all = [...new Set([...inputs, ...(bundledBefore.get(name) ?? [])])];
    const sources = old === undefined || isOther ? all.filter((path) => changed.has(path)) : [];
    // What a lock file below lambdas/ says was installed on both sides: where no byte differs, it changes nothing.
    const isJudged = (path: string) => different.length > 0 || !path.startsWith("lambdas/");
    const packaged = [...inputs, ...beside].filter(isJudged);
    const told = [...sources, ...changedPackages(packaged, readBefore, readNow), ...assets];
    if (told.length > 0 || different.length === 0) return told;
    return [`${isOther ? "the bundle" : "packages beside the bundle"} of ${posix.join(folder, file)}`];
  };
  // Without a package before there is nothing to compare: settings tell that code or layer is another one.
  const ofBuilt = (name: string, path: string): string[] => {
    const [old, now] = [before.get(name), packages.get(name) ?? new Map()];
    if (old === undefined || old.size === 0) return [];
    if (!isZip(path) && !zipsBefore.has(name))
      return kept(
        commit,
        differentPaths(old, now).map((one) => posix.join(path, one)),
      );
    // The zip file is deployed, with its times and modes.
    const isSame = Buffer.compare(zipsBefore.get(name) ?? Buffer.of(), zips?.get(name) ?? Buffer.of()) === 0;
    return isSame ? [] : kept(commit, [path]);
  };
  const ofFolder = (name: string, folder: string): string[] => {
    const [old, now] = [before.get(name) ?? new Map(), packages.get(name) ?? new Map()];
    const different = differentPaths(old, now).map((path) => posix.join(folder, path));
    const isBrought = (path: string) => [readBefore, readNow].every((read) => read(path) === undefined);
    const own = kept(
      commit,
      different.filter((path) => !isBrought(path)),
    );
    // Requirements are a file of the folder too, and told as that.
    return own.length > 0 || !different.some(isBrought) ? own : [`packages that ${folder} requires`];
  };
  const ofCode = ({ awsName, source }: DeployedFunction): string[] => {
    if (source.language === "node") return ofBundle(awsName, source);
    if (source.language === "python") return ofFolder(awsName, source.folder);
    return source.language === "built" ? ofBuilt(awsName, source.path) : [];
  };
  const reasons = functionsOf(head).map((one): [string, string[]] => {
    if (!inBase.has(one.awsName)) return [one.awsName, []];
    const layers = one.projectLayers ?? [];
    const ofLayers = layers.flatMap(({ awsName, path }) => ofBuilt(layerPackage(awsName), path));
    return [one.awsName, [...ofCode(one), ...ofLayers]];
  });
  // The guard's code is this package's own.
  const ofPackage = changedPackages([ownPackage], readBefore, readNow);
  const guards = head.releases
    .filter(({ guard }) => guard !== undefined)
    .map(({ name }): [string, string[]] => [guardName(name), ofPackage]);
  return new Map([...reasons, ...guards].filter(([, told]) => told.length > 0));
}

/** Its file in a project, by which a lock file is asked for its version. */
const ownPackage = `node_modules/${toolkit.ownPackage}/package.json`;

/** What is put beside the code and never committed is the same on both sides. */
function kept(commit: BaseCommit, paths: readonly string[]): string[] {
  const ignored = commit.ignored(paths);
  return paths.filter((path) => !ignored.includes(path));
}

function isOfPackage(path: string): boolean {
  return path.includes("/node_modules/");
}

/** Whether a path in a package is that of the bundle of an entry file. */
function isBundleOf(entry: string, path: string): boolean {
  return new RegExp(`^${stemOf(entry)}\\.m?js(\\.map)?$`).test(path);
}

/** Whether release files alone make no function's package another one. */
function arePackagedAlike(base: readonly Release[], head: readonly Release[]): boolean {
  const packaging = (releases: readonly Release[]) =>
    new Map(
      functionsIn(releases).map(({ awsName, source, settings, projectLayers }) => {
        const { runtime, architecture, bundle, assets } = settings;
        return [
          awsName,
          JSON.stringify([source, runtime, architecture, bundle, assets, projectLayers]),
        ] as const;
      }),
    );
  const before = packaging(base);
  return [...packaging(head)].every(([name, how]) => [undefined, how].includes(before.get(name)));
}

function functionsOf({ releases }: Code): DeployedFunction[] {
  return functionsIn(releases);
}

function functionsIn(releases: readonly Release[]): DeployedFunction[] {
  return releases.flatMap((release) => [...deployedFunctions(release)]);
}

/** Release by release, so that what cannot be bundled any more hides no other. */
async function packagesOf(side: Code) {
  const all = { packages: new Map<string, PackageFiles>(), zips: new Map<string, Uint8Array>() };
  for (const release of side.releases) {
    const { packages, zips = [] } = await packageHandlers(side.project, [release]);
    for (const [name, files] of packages) all.packages.set(name, files);
    for (const [name, zip] of zips) all.zips.set(name, zip);
  }
  return all;
}

async function bundles(side: Code): Promise<Map<string, readonly string[]>> {
  const all = new Map<string, readonly string[]>();
  for (const release of side.releases) {
    const found = await bundledFiles(side.project, deployedFunctions(release));
    for (const [name, paths] of found) all.set(name, paths);
  }
  return all;
}

function reader({ project }: Code) {
  return (path: string): string | undefined => {
    try {
      return readFileSync(join(project, path), "utf8");
    } catch {
      return undefined;
    }
  };
}
