import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pastRelease } from "../../release/files/past-text";
import type { ReadRelease } from "../../release/files/project";
import { versionFolder } from "../../release/functions/function-settings";
import { isServedByApi, type Release } from "../../release/release";
import { logOfFile } from "../git-log";
import { type DefinitionDifference, definitionDifferences } from "./definition-differences";
import { type FieldDifference, fieldDifferences } from "./field-differences";
import { type FolderDifference, folderDifference } from "./folder-files";
import { type PackageDifference, packageDifferences } from "./package-differences";
import { definitionFinder } from "./version-definition";

/** A release, and where its files are. */
export type ComparedRelease = Pick<ReadRelease, "files" | "project" | "path" | "release">;

/** What changes for the project and its users from one version to another. */
export interface VersionDifference {
  readonly from: string;
  readonly to: string;
  /** @default - the code of versions does not stand in folders of their own */
  readonly code?: FolderDifference & { readonly folders: readonly [from: string, to: string] };
  /**
   * Where Lambda keeps the code of versions: the commits whose release file listed each version first.
   * @default - versions have folders, or one of them is in no commit
   */
  readonly listedBy?: readonly [from: string, to: string];
  /** Settings of functions, or of the container. */
  readonly settings: readonly (FieldDifference & { readonly function?: string })[];
  readonly packages: readonly PackageDifference[];
  /** @default - one of the definitions is in neither the project nor git; where there is no API, nothing differs */
  readonly definition?: readonly DefinitionDifference[];
}

/**
 * Compares two published versions of a service.
 *
 * @throws {CannotReview} where git cannot list their files
 */
export function versionDifference(read: ComparedRelease, from: string, to: string): VersionDifference {
  const { release, project } = read;
  const hasFolders = release.versionKind === "functions";
  const [before, after] = [from, to].map((version) => versionFolder(release.service, version)) as [
    string,
    string,
  ];
  return {
    from,
    to,
    ...(hasFolders
      ? { code: { ...folderDifference(project, before, after), folders: [before, after] } }
      : {}),
    ...(release.versionKind === "lambda" ? { listedBy: listedBy(read, from, to) } : {}),
    settings: settingsOf(release, from, to),
    packages: hasFolders ? packageDifferences(reader(project, before), reader(project, after)) : [],
    definition: definitionOfBoth(read, from, to),
  };
}

function listedBy(
  { project, path, files, release }: ComparedRelease,
  from: string,
  to: string,
): VersionDifference["listedBy"] {
  const { commits } = logOfFile(project, path);
  const lists = (text: string | undefined, version: string) =>
    text !== undefined &&
    pastRelease(files, release.environment.name, release.service, text)?.versions.includes(version) === true;
  const [one, other] = [from, to].map((version) => commits.find(({ text }) => lists(text, version))?.id);
  return one === undefined || other === undefined ? undefined : [one, other];
}

function settingsOf(release: Release, from: string, to: string): VersionDifference["settings"] {
  if (release.versionKind === "container") {
    const [one, other] = [from, to].map(
      (name) => release.versions.find((version) => version.name === name)?.container,
    );
    return fieldDifferences(one, other);
  }
  if (release.versionKind !== "functions") return [];
  const [before, after] = [from, to].map(
    (name) =>
      new Map(
        release.versions
          .find((version) => version.name === name)
          ?.functions.map(({ name, settings, source }) => [
            name,
            { ...settings, handler: handlerOf(source) },
          ]),
      ),
  );
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])];
  return names.flatMap((name) =>
    fieldDifferences(before?.get(name), after?.get(name)).map((one) => ({ function: name, ...one })),
  );
}

function handlerOf(source: { readonly handler: string } | { readonly uri: string } | object): string {
  if ("handler" in source) return String(source.handler);
  return "uri" in source ? String(source.uri) : "";
}

function definitionOfBoth(read: ComparedRelease, from: string, to: string): VersionDifference["definition"] {
  const { release } = read;
  if (release.versionKind === "container" || !isServedByApi(release)) return [];
  const [old, now] = [from, to].map(
    (name) => release.versions.find((version) => version.name === name)?.fingerprint,
  );
  if (old === undefined || now === undefined || old === now) return [];
  const find = definitionFinder(read);
  const [before, after] = [find(old), find(now)];
  return before && after && definitionDifferences(before, after);
}

function reader(project: string, folder: string) {
  return (name: string): string | undefined => {
    try {
      return readFileSync(join(project, folder, name), "utf8");
    } catch {
      // Most versions have no lock file of their own.
      return undefined;
    }
  };
}
