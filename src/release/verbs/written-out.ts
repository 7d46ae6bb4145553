import type { VerdictSettings } from "../alarms/verdict";
import type { ReleaseFile } from "../defaults";
import { defaultFingerprint, fingerprint } from "../definition/fingerprint";
import { defaultHandler, defaultRuntime, defaultSettings } from "../functions/function-settings";
import { noAccess } from "../functions/permission";
import { functionNames } from "../functions/service-functions";
import type { GuardSettings } from "../guard";
import type { FieldPath } from "../problem";
import { isServedByApi, type Release } from "../release";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import type { FunctionSettingsInFile, VersionInFile } from "../schema/release";

type Settings = Readonly<Record<string, FunctionSettingsInFile>>;

/**
 * A file in one notation, with every default written out, also those of its environment. Two files that are equal in
 * this form are the same release.
 */
export interface WrittenOut
  extends Omit<
    ReleaseFile,
    | "$schema"
    | "versions"
    | "settings"
    | "functions"
    | "api"
    | "withoutApi"
    | "stage"
    | "guard"
    | "dashboard"
    | "verdict"
  > {
  /** The published versions, by name. */
  readonly versions: Readonly<Record<string, VersionInFile>>;
  /** Settings that all functions share. */
  readonly settings: FunctionSettingsInFile;
  /** Settings of single functions, by name. */
  readonly functions: Settings;
  /** Fingerprint of the definition that it gives. @default - there is no API */
  readonly api?: string;
  /** @default - there is no API */
  readonly stage?: object;
  /** @default - there is no guard */
  readonly guard?: GuardSettings;
  /** Whether the service has a CloudWatch dashboard. */
  readonly dashboard: boolean;
  /** How the version on trial is compared. */
  readonly verdict: VerdictSettings;
}

/** A file as it is compared with another one. */
export interface ComparedFile {
  /** The file with every default written out. */
  readonly fields: WrittenOut;
  /** Where the file names a version. */
  fieldOf(version: string): FieldPath;
}

export function comparedFile(context: ReleaseContext, release: Release): ComparedFile {
  return {
    fields: writtenOut(context, release),
    fieldOf: (version) => versionField(context, version),
  };
}

function writtenOut(context: ReleaseContext, release: Release): WrittenOut {
  const { service, file } = context;
  const { $schema: _, withoutApi: __, ...fields } = file;
  const versions = Object.entries(versionsInFile(file)).map(([name, own]) => [
    name,
    {
      ...own,
      fingerprint: own.fingerprint ?? defaultFingerprint(service),
      settings: own.settings ?? {},
      functions: given(own.functions ?? {}),
    },
  ]);
  const shared = Array.isArray(file.functions) ? {} : file.functions;
  return {
    ...fields,
    versions: Object.fromEntries(versions),
    settings: sharedSettings(context),
    functions: Object.fromEntries(functionNames(context).map((name) => [name, shared?.[name] ?? {}])),
    api: isServedByApi(release) ? fingerprint(release.definition) : undefined,
    stage: "stage" in release ? release.stage : undefined,
    guard: release.guard,
    dashboard: release.dashboard,
    verdict: release.verdict,
  };
}

/** Runtime and handler are left out where they are the defaults, which depend on the code and the function's name. */
function sharedSettings(context: ReleaseContext): FunctionSettingsInFile {
  const { runtime, handler, ...given } = context.file.settings ?? {};
  const names = functionNames(context);
  return {
    ...defaultSettings,
    ...noAccess,
    ...given,
    runtime: [defaultRuntime("node"), defaultRuntime("python")].some((one) => one === runtime)
      ? undefined
      : runtime,
    handler: names.every((name) => handler === defaultHandler(name)) ? undefined : handler,
  };
}

/** Without functions of which nothing is given. */
function given(functions: Settings): Settings {
  return Object.fromEntries(
    Object.entries(functions).filter(([, settings]) => Object.keys(settings).length > 0),
  );
}
