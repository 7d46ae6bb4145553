import type { DeployedFunction } from "../release/functions/deployed-function";
import type { Language } from "../release/functions/entry-files";
import type { HandlerSource } from "../release/functions/function-settings";
import type { Problem } from "../release/problem";
import { deployedFunctions, type Release } from "../release/release";
import { builtPackages, bytesOfLayers, layerPackages } from "./built-packages";
import { bundleFunctions } from "./bundle";
import { assetsOf, filesOf } from "./folder-files";
import { sizeProblems } from "./package-size";
import { pythonPackages } from "./python-packages";

/** The files of one function's package: path within the package, and content. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** The packages of all functions, by the function's name in AWS. */
export type Packages = ReadonlyMap<string, PackageFiles>;

/** Packages, and what is wrong with the sources of others. */
export interface PackagedHandlers {
  readonly packages: Packages;
  /** By the same names, the packages that are zip files already: they are deployed as they are. @default - none */
  readonly zips?: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly Problem[];
}

/**
 * The code of every function of the releases: TypeScript and JavaScript bundled into one file, with the assets beside
 * it; Python as it stands in the version's folder, with its requirements. What comes out depends on the sources alone:
 * not on the machine, the folder or the time.
 *
 * @param project the project's folder, which holds lambdas/
 */
export async function packageHandlers(
  project: string,
  releases: readonly Release[],
): Promise<PackagedHandlers> {
  const deployed = releases.flatMap((release) => deployedFunctions(release));
  const all = deployed.flatMap(written);
  const writtenIn = (language: Language) => all.filter(({ source }) => source.language === language);
  const [node, python, built, layers] = await Promise.all([
    bundled(project, writtenIn("node")),
    withRequirements(project, writtenIn("python")),
    builtPackages(project, deployed),
    layerPackages(project, deployed),
  ]);
  const packages = new Map([...node.packages, ...python.packages, ...built.packages, ...layers.packages]);
  const zips = new Map([...built.zips, ...layers.zips]);
  const sizes = await Promise.all(
    deployed.map((one) => {
      const { awsName } = one;
      const layerBytes = bytesOfLayers(one, layers.packages);
      const options = { zip: zips.get(awsName), layerBytes };
      return sizeProblems(placeOf(one), packages.get(awsName) ?? new Map(), options);
    }),
  );
  const parts = [node, python, built, layers];
  return { packages, zips, problems: [...parts.flatMap(({ problems }) => problems), ...sizes.flat()] };
}

/** What a problem of its size names. */
function placeOf({ awsName, source }: DeployedFunction): string {
  if (source.language === "built") return source.path;
  return "folder" in source ? `${source.folder}/${source.file}` : awsName;
}

/** A function whose source is in the project. */
export type WrittenFunction = DeployedFunction & { readonly source: HandlerSource };

/** A function with its handler file, unless its code is built elsewhere. */
export function written(one: DeployedFunction): WrittenFunction[] {
  const { source } = one;
  return "folder" in source ? [{ ...one, source }] : [];
}

async function bundled(project: string, functions: readonly WrittenFunction[]): Promise<PackagedHandlers> {
  const { packages, problems } = await bundleFunctions(project, functions);
  for (const { awsName, source, settings } of functions) {
    if (settings.assets === undefined) continue;
    const files = packages.get(awsName) ?? new Map<string, Uint8Array>();
    const assets = await assetsOf(project, source.folder, settings.assets);
    problems.push(...assets.problems);
    for (const [path, content] of assets.files) {
      if (files.has(path))
        problems.push({
          file: `${source.folder}/${path}`,
          field: [],
          message: `must not be packaged in place of the bundle: leave it out of the function's 'assets'`,
        });
      files.set(path, content);
    }
  }
  return { packages, problems };
}

/** Python as it stands in its folder, with what the folder's requirements bring. */
async function withRequirements(
  project: string,
  functions: readonly WrittenFunction[],
): Promise<PackagedHandlers> {
  const problems: Problem[] = [];
  const packages = new Map<string, PackageFiles>();
  for (const { awsName, source, settings } of functions) {
    const own = await filesOf(project, source.folder);
    const required = await pythonPackages(project, source.folder, settings);
    const twice = [...own.files.keys()].filter((path) => required.files.has(path));
    const shown = new Set(twice.map((path) => path.split("/")[0]));
    problems.push(
      ...own.problems,
      ...required.problems,
      ...[...shown].map((name) => ({
        file: `${source.folder}/${name}`,
        field: [],
        message: "must not be there too: the requirements beside it bring it, so delete one of the two",
      })),
    );
    packages.set(awsName, new Map([...own.files, ...required.files]));
  }
  return { packages, problems };
}
