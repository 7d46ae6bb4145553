import type { ReleaseFile } from "./defaults";
import type { ImportedApi } from "./definition/definition";
import type { Environment } from "./environment/environment";
import type { FieldPath } from "./problem";
import type { VersionInFile } from "./schema/release";

/**
 * The files in each folder below lambdas/<service>/, by the folder's name: what tells which functions a version
 * has. The service's own files stand under `ownFolder`.
 */
export type HandlerFiles = ReadonlyMap<string, readonly string[]>;

/** Names the service's own folder among the versions': the code of a function whose versions Lambda keeps. */
export const ownFolder = "";

/** A release file whose fields are valid, with where it stands. */
export interface ReleaseContext {
  /** Name of the file, without `.json`. */
  readonly service: string;
  /** The environment of its folder. */
  readonly environment: Environment;
  /** Its fields, with the defaults of the file. */
  readonly file: ReleaseFile;
  /** The files of each folder of handlers. */
  readonly handlerFiles: HandlerFiles;
  /** What the OpenAPI document says. @default - the file names none */
  readonly imported?: ImportedApi;
  /** The files of lambdas/hooks/. */
  readonly hookFiles: readonly string[];
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

/** Where a file gives a route, or how many there are: of a document's operations the file has the path alone. */
export function routeField({ file }: Pick<ReleaseContext, "file">, ...below: FieldPath): FieldPath {
  return file.api?.openapi === undefined ? ["api", "routes", ...below] : ["api", "openapi"];
}

/** Where the file names a version: in a list or as a key. The service's own folder belongs to the whole file. */
export function versionField({ file }: Pick<ReleaseContext, "file">, version: string): FieldPath {
  if (version === ownFolder) return [];
  return Array.isArray(file.versions) ? ["versions", file.versions.indexOf(version)] : ["versions", version];
}
