import type { Environment } from "./environment";
import type { FieldPath } from "./problem";
import type { ReleaseFile, VersionInFile } from "./schema";

/**
 * The files in each folder below lambdas/<service>/, by the folder's name: what tells which functions a version
 * has. The service's own files stand under `ownFolder`.
 */
export type HandlerFiles = ReadonlyMap<string, readonly string[]>;

/** Names the service's own folder among the versions': the code of a function whose versions Lambda keeps. */
export const ownFolder = "";

/** A release file whose fields are valid, with where it stands. */
export interface ReleaseContext {
  readonly service: string;
  readonly environment: Environment;
  readonly file: ReleaseFile;
  readonly handlerFiles: HandlerFiles;
  /** The files of lambdas/hooks/. */
  readonly hookFiles: readonly string[];
}

/** Whether there is one function, of which Lambda keeps numbered versions: else each version has functions of its own. */
export function hasLambdaVersions({ strategy }: Pick<ReleaseFile, "strategy">): boolean {
  return strategy !== "canary-stage" && !runsContainers({ strategy });
}

/** Whether a version is a container behind a load balancer: else it is of functions behind API Gateway. */
export function runsContainers({ strategy }: Pick<ReleaseFile, "strategy">): boolean {
  return strategy === "ecs-blue-green";
}

/**
 * The settings that the file gives for a version: none where it gives only the name. It has the file's versions and
 * nothing else, whatever name is looked up: not what every object has, such as `constructor`.
 */
export function versionsInFile(file: Pick<ReleaseFile, "versions">): Readonly<Record<string, VersionInFile>> {
  const versions = Array.isArray(file.versions)
    ? Object.fromEntries(file.versions.map((version) => [version, {}]))
    : file.versions;
  return Object.assign(Object.create(null), versions);
}

/** A version as the file has it, for a message: a Lambda version is a number there. */
export function asInFile(version: string): string | number {
  return /^\d+$/.test(version) ? Number(version) : version;
}

/** The folders whose code a deploy brings: one for each version, or the service's own. */
export function codeFolders(file: ReleaseFile): readonly string[] {
  if (runsContainers(file)) return [];
  return hasLambdaVersions(file) ? [ownFolder] : Object.keys(versionsInFile(file));
}

export function functionNames({
  service,
  file,
}: Pick<ReleaseContext, "service" | "file">): readonly string[] {
  if (runsContainers(file)) return [];
  if (file.functions === undefined || hasLambdaVersions(file)) return [service];
  return Array.isArray(file.functions) ? file.functions : Object.keys(file.functions);
}

/** Where the file names a version: in a list or as a key. The service's own folder belongs to the whole file. */
export function versionField({ file }: Pick<ReleaseContext, "file">, version: string): FieldPath {
  if (version === ownFolder) return [];
  return Array.isArray(file.versions) ? ["versions", file.versions.indexOf(version)] : ["versions", version];
}
