import type { Environment } from "./environment";
import type { ReleaseFile, VersionInFile } from "./schema";

/** The files in a version's folder, by version: what tells which functions a version has. */
export type HandlerFiles = ReadonlyMap<string, readonly string[]>;

/** A release file whose fields are valid, with where it stands. */
export interface ReleaseContext {
  readonly service: string;
  readonly environment: Environment;
  readonly file: ReleaseFile;
  readonly handlerFiles: HandlerFiles;
}

/** The settings that the file gives for a version: none where it gives only the name. */
export function versionsInFile(file: ReleaseFile): Readonly<Record<string, VersionInFile>> {
  return Array.isArray(file.versions)
    ? Object.fromEntries(file.versions.map((version) => [version, {}]))
    : file.versions;
}

export function functionNames({
  service,
  file,
}: Pick<ReleaseContext, "service" | "file">): readonly string[] {
  if (file.functions === undefined) return [service];
  return Array.isArray(file.functions) ? file.functions : Object.keys(file.functions);
}
