import type { ReleaseFile } from "../release/defaults";
import { readService, releasePath } from "../release/file";
import { defaultFingerprint, fingerprint } from "../release/fingerprint";
import { parseJson } from "../release/json-document";
import type { FieldPath, Problem } from "../release/problem";
import type { ProjectFiles } from "../release/project-files";
import type { Release } from "../release/release";
import { type ReleaseContext, versionsInFile } from "../release/release-context";
import { servicesOf } from "../release/releases-folder";
import { codeFolders, definitionInFile, functionsOf } from "../release/service-functions";
import type { Traffic } from "../release/split";
import { trafficOf } from "../release/traffic";

/** One service's release as one commit, or the working tree, has it. */
export interface Side {
  /** Path of the release file. */
  readonly path: string;
  readonly release: Release;
  readonly context: ReleaseContext;
  readonly file: ReleaseFile;
  readonly versions: readonly string[];
  readonly traffic: Traffic;
  /** Fingerprint of the definition that the file gives. */
  readonly definition: string;
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
  return { side: sideOf(path, text, context, release), problems };
}

function sideOf(path: string, text: string, context: ReleaseContext, release: Release): Side {
  const { file } = context;
  const document = parseJson(path, text);
  const inFile = versionsInFile(file);
  return {
    path,
    release,
    context,
    file,
    versions: Object.keys(inFile),
    traffic: trafficOf(release),
    definition: fingerprint(definitionInFile(context)),
    place: (field) => (Array.isArray(document) ? path : `${path}:${document.position(field).line}`),
    fingerprintOf: (version) => inFile[version]?.fingerprint ?? defaultFingerprint(context.service),
    settingsOf: (folder) =>
      Object.fromEntries(
        functionsOf(context, folder).map(({ awsName, settings, source }) => [
          awsName,
          { ...settings, code: source.language === "image" ? source.uri : source.handler },
        ]),
      ),
  };
}

/** The folders that hold code of both sides: of a version that both list, or the service's own. */
export function sharedFolders(base: Side, head: Side): readonly string[] {
  const before = codeFolders(base.file);
  return codeFolders(head.file).filter((folder) => before.includes(folder));
}
