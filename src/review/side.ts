import { defaultFingerprint, fingerprint } from "../release/definition/fingerprint";
import { readService, releasePath } from "../release/files/file";
import { parseJson } from "../release/files/json-document";
import type { ProjectFiles } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import type { CodeSource } from "../release/functions/function-settings";
import type { FieldPath, Problem } from "../release/problem";
import { functionsByFolder, isServedByApi, type Release } from "../release/release";
import type { Traffic } from "../release/split";
import { type Standing, standingOf } from "../release/steps/standing";
import { trafficOf } from "../release/traffic";
import { type ComparedFile, comparedFile } from "../release/verbs/written-out";
import type { ReleaseFunction } from "../release/version";

/** One service's release as one commit, or the working tree, has it. */
export interface Side extends ComparedFile {
  /** Path of the release file. */
  readonly path: string;
  readonly release: Release;
  /** The versions that the release names, and the planned steps. */
  readonly standing: Standing;
  readonly versions: readonly string[];
  readonly traffic: Traffic;
  /** Fingerprint of the definition that the file gives. @default - there is no API */
  readonly definition?: string;
  /** The functions by the folder of their code: a version's, or the service's own. */
  readonly functions: ReadonlyMap<string, readonly ReleaseFunction[]>;
  /** `releases/dev/greeting.json:6`: where the file gives a field, or the nearest one above it. */
  place(field: FieldPath): string;
  /** Fingerprint of the definition that a version was published with. */
  fingerprintOf(version: string): string;
  /** What the functions of a folder are made of beside their code, by their names in AWS. */
  settingsOf(folder: string): Readonly<Record<string, object>>;
}

/** @returns `undefined` where there is no release file */
export function readSide(
  files: ProjectFiles,
  environment: string,
  service: string,
): { readonly side?: Side; readonly problems: readonly Problem[] } {
  const path = releasePath(environment, service);
  const text = files.read(path);
  if (!servicesOf(files, environment).includes(service)) return { problems: [] };
  const { context, release, problems } = readService(files, environment, service);
  if (text === undefined || context === undefined || release === undefined) return { problems };
  return { side: { ...sideOf(path, text, release), ...comparedFile(context, release) }, problems };
}

function sideOf(path: string, text: string, release: Release): Omit<Side, keyof ComparedFile> {
  const document = parseJson(path, text);
  const plain = defaultFingerprint(release.service);
  const functions = functionsByFolder(release);
  const recorded = new Map(
    release.versions.map((version) => [version.name, "fingerprint" in version ? version.fingerprint : plain]),
  );
  return {
    path,
    release,
    standing: standingOf(release),
    versions: release.versions.map(({ name }) => name),
    traffic: trafficOf(release),
    definition: isServedByApi(release) ? fingerprint(release.definition) : undefined,
    functions,
    place: (field) => (Array.isArray(document) ? path : `${path}:${document.position(field).line}`),
    fingerprintOf: (version) => recorded.get(version) ?? plain,
    settingsOf: (folder) =>
      Object.fromEntries(
        (functions.get(folder) ?? []).map(({ awsName, settings, source }) => [
          awsName,
          { ...settings, code: codeText(source) },
        ]),
      ),
  };
}

/** What of a function's code the file says. */
function codeText(source: CodeSource): string {
  if (source.language === "image") return source.uri;
  if (source.language !== "stored") return source.handler;
  const { bucket, key, versionId, handler } = source;
  return `${handler} in s3://${bucket}/${key}?versionId=${versionId}`;
}

/** The folders that hold code of both sides: of a version that both list, or the service's own. */
export function sharedFolders(base: Side, head: Side): readonly string[] {
  return [...head.functions.keys()].filter((folder) => base.functions.has(folder));
}
