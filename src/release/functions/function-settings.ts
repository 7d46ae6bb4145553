import { posix } from "node:path";
import type { ReleaseFile } from "../defaults";
import { hash } from "../definition/fingerprint";
import { ownFolder, type ReleaseContext } from "../release-context";
import type { BundleSettings } from "../schema/bundle";
import type { BuiltCode, Layer } from "../schema/code";
import type { FunctionSettingsInFile } from "../schema/release";
import { entriesAmong, expectedEntry, type Language, languageOfEntry, stemOf } from "./entry-files";
import { accessOf, type FunctionAccess } from "./permission";
import { runtimeLanguage } from "./runtimes";

/** Where the code of one function of one version stands. */
export interface HandlerSource {
  /** The version's folder, relative to the project. */
  readonly folder: string;
  /** The entry file in it: `greeting.ts`. */
  readonly file: string;
  /** `greeting.handler`, as Lambda wants it. */
  readonly handler: string;
  /** Tells how it is packaged. */
  readonly language: Language;
}

/** A container image in ECR, in place of handlers that are zipped. */
export interface ImageSource {
  /** Its code is in a container image. */
  readonly language: "image";
  /** `<repository>@sha256:<digest>` */
  readonly uri: string;
}

/** A folder or zip file of the project that is deployed as it is. */
export interface BuiltSource {
  /** Its code is built elsewhere. */
  readonly language: "built";
  /** Relative to the project: `lambdas/shop/v1/build.zip`. */
  readonly path: string;
  /** As Lambda wants it. */
  readonly handler: string;
}

/** One version of an object in S3, which is deployed as it is. */
export interface StoredSource {
  /** Its code is in S3. */
  readonly language: "stored";
  /** Name of the bucket, in the region of the function. */
  readonly bucket: string;
  /** Key of the zip file in the bucket. */
  readonly key: string;
  /** Id of the object's version: the bucket must be versioned. */
  readonly versionId: string;
  /** As Lambda wants it. */
  readonly handler: string;
}

/** Where the code of a function is. */
export type CodeSource = HandlerSource | BuiltSource | StoredSource | ImageSource;

/** The settings of one function, with a value for everything that has a default. */
export interface FunctionSettings extends FunctionAccess {
  /** Lambda's name of it, such as `nodejs22.x`. */
  readonly runtime: NonNullable<FunctionSettingsInFile["runtime"]>;
  /** What its code is built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Memory in MB, 128 to 10240. */
  readonly memoryMb: number;
  /** How long an invocation may take, in seconds, 1 to 900. */
  readonly timeoutSeconds: number;
  /** Environment variables by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of layer versions, and layers of the project, 5 at most. */
  readonly layers: readonly Layer[];
  /** Code that is built elsewhere. @default - the handler file is packaged */
  readonly code?: BuiltCode;
  /** @default - outside of any VPC */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** @default - failed asynchronous events are dropped */
  readonly deadLetterArn?: string;
  /** Whether X-Ray traces invocations. */
  readonly tracing: boolean;
  /** Days that CloudWatch keeps its logs. */
  readonly logRetentionDays: number;
  /** Size of `/tmp` in MB, 512 to 10240. @default - Lambda's own, 512 */
  readonly ephemeralStorageMb?: number;
  /** Most executions at once, from 0, which stops the function. @default - what the account has left */
  readonly reservedConcurrency?: number;
  /** The KMS key that encrypts the environment variables. @default - Lambda's own key */
  readonly kmsKeyArn?: string;
  /** Format and levels of the logs. @default - text */
  readonly logging?: FunctionSettingsInFile["logging"];
  /** Whether new executions start from a snapshot of the published version. */
  readonly snapStart: boolean;
  /** How TypeScript or JavaScript is bundled. @default - one file without comments, source map and minification */
  readonly bundle?: BundleSettings;
  /** Paths beside the handler that are packaged with its bundle. @default - none */
  readonly assets?: readonly string[];
}

/** The files of a version's folder that may be a function's entry file. */
export function entryFiles(
  file: ReleaseFile,
  version: string,
  name: string,
  files: readonly string[],
): readonly string[] {
  const own = entriesAmong(files, stemOf(handlerName(file, version, name)));
  return own.length === 0 && mayBeInLayer(file, version, name) ? entriesAmong(files, name) : own;
}

/**
 * Whether a layer may bring what Lambda calls, such as `/opt/nodejs/node_modules/datadog-lambda-js/handler.handler`: it
 * then calls the function's own file, which is packaged all the same.
 */
export function mayBeInLayer(file: ReleaseFile, version: string, name: string): boolean {
  const { handler, layers = [] } = mergedSettings(file, version, name);
  return handler !== undefined && layers.length > 0;
}

/** What a message says of the entry file that a function should have: `greeting.ts, greeting.js or greeting.py`. */
export function entryText(file: ReleaseFile, version: string, name: string): string {
  const stem = stemOf(handlerName(file, version, name));
  return expectedEntry(mayBeInLayer(file, version, name) ? name : stem);
}

/** The function's code among the files of a version's folder, or `undefined` when the version has no such function. */
export function handlerSource(
  { service, file }: Pick<ReleaseContext, "service" | "file">,
  version: string,
  name: string,
  files: readonly string[],
): HandlerSource | undefined {
  const [entry] = entryFiles(file, version, name, files);
  if (entry === undefined) return undefined;
  return {
    folder: versionFolder(service, version),
    file: entry,
    handler: handlerName(file, version, name),
    language: languageOfEntry(entry),
  };
}

/** The code that is built elsewhere, where the settings name one. */
export function builtSource(
  { service, file }: Pick<ReleaseContext, "service" | "file">,
  version: string,
  name: string,
): BuiltSource | StoredSource | undefined {
  const { code } = mergedSettings(file, version, name);
  const handler = handlerName(file, version, name);
  if (code?.s3 !== undefined) return { language: "stored", ...code.s3, handler };
  if (code?.path === undefined) return undefined;
  return { language: "built", path: posix.join(versionFolder(service, version), code.path), handler };
}

/** Where a version's code stands, or the service's own. */
export function versionFolder(service: string, version: string): string {
  return version === ownFolder ? `lambdas/${service}` : `lambdas/${service}/${version}`;
}

/** The levels of settings, each going over the one before; environment variables are merged by name. */
export function resolveSettings(
  file: ReleaseFile,
  version: string,
  name: string,
  language: CodeSource["language"],
): FunctionSettings {
  const levels = settingsLevels(file, version, name);
  const environment = Object.assign({}, ...levels.map((level) => level.environment));
  const merged = settingsWithDefaults(Object.assign({}, ...levels), environment, language);
  return { ...merged, ...accessOf(levels) };
}

/** Settings of a function that no level gives. Its handler and runtime depend on its name and its code. */
export const defaultSettings = {
  architecture: "x86_64",
  memoryMb: 128,
  timeoutSeconds: 5,
  environment: {},
  layers: [] as Layer[],
  tracing: false,
  logRetentionDays: 14,
  snapStart: false,
} as const satisfies FunctionSettingsInFile;

export function defaultRuntime(language: CodeSource["language"]): FunctionSettings["runtime"] {
  return language === "python" ? "python3.12" : "nodejs22.x";
}

/** @param runtime where the code is built elsewhere. @default - the handler file decides */
export function defaultHandler(name: string, runtime = ""): string {
  return runtimeLanguage(runtime) === "os" ? "bootstrap" : `${name}.handler`;
}

export function settingsWithDefaults(
  merged: FunctionSettingsInFile,
  environment: Readonly<Record<string, string>>,
  language: CodeSource["language"],
): FunctionSettings {
  const { handler: _, parameters: _p, secrets: _s, ...others } = merged;
  const { bundle: _b, assets: _a, ...unbundled } = others;
  // A level above may give them to functions that are bundled.
  const given = merged.code === undefined ? others : unbundled;
  return { ...defaultSettings, runtime: defaultRuntime(language), ...given, environment };
}

/**
 * Names all settings of a version's functions together. What is kept of logs does not count, nor how many executions
 * the function may have: both may change after a version is published.
 */
export function settingsFingerprint(
  functions: readonly {
    readonly name: string;
    readonly settings: FunctionSettings;
    readonly source: CodeSource;
  }[],
): string {
  return hash(
    Object.fromEntries(
      functions.map(({ name, settings, source }) => {
        const { logRetentionDays: _, reservedConcurrency: __, snapStart, ...others } = settings;
        const handler = source.language === "image" ? source.uri : source.handler;
        // Fingerprints are older than this setting.
        return [name, { ...others, ...(snapStart && { snapStart }), handler }];
      }),
    ),
  );
}

/** The handler of a function in a version, or in the service's own folder. */
export function handlerName(file: ReleaseFile, version: string, name: string): string {
  const { handler, code, runtime } = mergedSettings(file, version, name);
  return handler ?? defaultHandler(name, code === undefined ? undefined : runtime);
}

function mergedSettings(file: ReleaseFile, version: string, name: string): FunctionSettingsInFile {
  return Object.assign({}, ...settingsLevels(file, version, name));
}

/** From the settings of every function to those of this function in this version. */
function settingsLevels(file: ReleaseFile, version: string, name: string): FunctionSettingsInFile[] {
  const inVersion = Array.isArray(file.versions) ? undefined : file.versions[version];
  const inFunctions = Array.isArray(file.functions) ? undefined : file.functions?.[name];
  return [
    file.settings ?? {},
    inFunctions ?? {},
    inVersion?.settings ?? {},
    inVersion?.functions?.[name] ?? {},
  ];
}
