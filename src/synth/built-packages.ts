import type { DeployedFunction } from "../release/functions/deployed-function";
import type { Problem } from "../release/problem";
import { readBuilt } from "./built-code";
import { handlerProblems } from "./built-handler";
import type { PackageFiles, Packages } from "./handler-files";
import { sizeProblems } from "./package-size";

interface BuiltPackages {
  readonly packages: Map<string, PackageFiles>;
  readonly zips: Map<string, Uint8Array>;
  readonly problems: Problem[];
}

/** Names the package of a layer among those of functions, whose names have no dot. */
export function layerPackage(awsName: string): string {
  return `layer.${awsName}`;
}

/** The packages of functions whose code is built elsewhere. */
export async function builtPackages(
  project: string,
  functions: readonly DeployedFunction[],
): Promise<BuiltPackages> {
  const all: BuiltPackages = { packages: new Map(), zips: new Map(), problems: [] };
  for (const { awsName, source, settings } of functions) {
    if (source.language !== "built") continue;
    const built = await readBuilt(project, source.path, "'code'");
    const isRead = built.problems.length === 0;
    all.packages.set(awsName, built.files);
    if (built.zip !== undefined) all.zips.set(awsName, built.zip);
    all.problems.push(
      ...built.problems,
      ...(isRead ? handlerProblems(source.path, source.handler, settings, built) : []),
    );
  }
  return all;
}

/** The packages of layers that are part of the project. */
export async function layerPackages(
  project: string,
  functions: readonly DeployedFunction[],
): Promise<BuiltPackages> {
  const all: BuiltPackages = { packages: new Map(), zips: new Map(), problems: [] };
  for (const { awsName, path } of functions.flatMap(({ projectLayers = [] }) => projectLayers)) {
    const name = layerPackage(awsName);
    const { files, zip, problems } = await readBuilt(project, path, "'layers'");
    all.packages.set(name, files);
    if (zip !== undefined) all.zips.set(name, zip);
    all.problems.push(...problems, ...(await sizeProblems(path, files, { zip })));
  }
  return all;
}

/** Bytes of a function's layers that are part of the project. */
export function bytesOfLayers({ projectLayers = [] }: DeployedFunction, packages: Packages): number {
  return projectLayers
    .flatMap(({ awsName }) => [...(packages.get(layerPackage(awsName))?.values() ?? [])])
    .reduce((bytes, content) => bytes + content.byteLength, 0);
}
