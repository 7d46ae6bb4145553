import type { AwsProvider } from "../release/aws/aws-provider";
import { toolkit } from "../release/aws/toolkit";
import { readService, releasePath } from "../release/files/file";
import { Unable } from "../release/files/project";
import { type ProjectFiles, withFiles } from "../release/files/project-files";
import { entriesAmong, languageOfEntry } from "../release/functions/entry-files";
import type { Strategy } from "../release/strategies/names";
import { modelOf } from "../release/strategies/strategies";
import { givenFingerprint } from "../release/verbs/given-fingerprint";
import { Refusal } from "../release/verbs/transitions";
import { firstRuntime } from "./first-runtime";
import { consumerFile, containerFiles, handlerFile, type Language } from "./handlers";

export interface FirstRelease {
  readonly environment: string;
  readonly service: string;
  readonly strategy: Strategy;
  /** Of a handler. @default "typescript" */
  readonly language?: Language;
  /** `GET /orders/{id}`. @default - `GET /` */
  readonly routes?: readonly string[];
  /** Path of the OpenAPI document of its API, in place of routes. */
  readonly openapi?: string;
  /** Whether it has an API. @default true */
  readonly api?: boolean;
  /** The first version's container image, by its digest, where versions are containers. */
  readonly image?: string;
  /** Region of an environment that is not there yet. */
  readonly region?: string;
  /** The one that will deploy it. @default - it is unknown, and taken for the newest */
  readonly provider?: AwsProvider;
}

/** Where a release file finds the schemas for editors: in the installed package, or in this repository itself. */
function schemasOf(files: ProjectFiles): string {
  const isPackage = files.entries("schemas").files.includes("release.schema.json");
  return isPackage ? "../../schemas" : `../../node_modules/${toolkit.ownPackage}/schemas`;
}

/**
 * The files of a service that is new to an environment: its release with the first version, its handler or container,
 * and the environment where it is new too.
 *
 * @returns text by path. A handler that is there is not among them
 * @throws {Refusal} where the service is there already
 * @throws {Unable} where a name, a route or the image is not valid, with a line for each problem
 */
export function firstRelease(files: ProjectFiles, given: FirstRelease): ReadonlyMap<string, string> {
  const { environment, service } = given;
  const path = releasePath(environment, service);
  if (files.read(path) !== undefined) throw new Refusal(`${path} already exists`);
  const added = new Map([...environmentFiles(files, given), ...codeFiles(files, given)]);
  const $schema = `${schemasOf(files)}/release.schema.json`;
  const settings = settingsOf(files, given);
  added.set(path, textOf({ $schema, ...releaseOf(given), ...settings }));
  const hasDefinition = given.routes !== undefined || given.openapi !== undefined;
  const recorded = hasDefinition
    ? givenFingerprint(withFiles(files, added), environment, service)
    : undefined;
  const stage = stageOf(withFiles(files, added), given);
  if (recorded !== undefined)
    added.set(path, textOf({ $schema, ...releaseOf(given, recorded), ...stage, ...settings }));
  const { problems } = readService(withFiles(files, added), environment, service);
  if (problems.length > 0) throw Unable.because(problems);
  return added;
}

function environmentFiles(files: ProjectFiles, { environment, region }: FirstRelease): [string, string][] {
  const path = `releases/${environment}/environment.json`;
  if (files.read(path) !== undefined) return [];
  if (region === undefined)
    throw new Unable(
      `there is no environment '${environment}': give its region to make it, such as --region eu-central-1`,
    );
  return [[path, textOf({ $schema: `${schemasOf(files)}/environment.schema.json`, region })]];
}

function codeFiles(
  files: ProjectFiles,
  { service, strategy, language = "typescript", api = true }: FirstRelease,
) {
  const { versionKind } = modelOf({ strategy });
  if (versionKind === "container") {
    const folder = `containers/${service}`;
    return files.entries(folder).files.length > 0 ? [] : containerFiles(folder, service);
  }
  const folder = codeFolder({ service, strategy });
  // A document may stand there already.
  if (entriesAmong(files.entries(folder).files, service).length > 0) return [];
  if (!api) return [consumerFile(folder, service, language)];
  return [handlerFile(folder, service, language, versionKind === "functions" ? "v1" : undefined)];
}

/** A plan with a first key, where the document wants API keys. */
function stageOf(files: ProjectFiles, { environment, service }: FirstRelease): object {
  const { context } = readService(files, environment, service);
  const wantsKeys = context?.imported?.routes.some(({ apiKey }) => apiKey) ?? false;
  return wantsKeys ? { stage: { usagePlans: { callers: { keys: ["first"] } } } } : {};
}

/** Where the handler of a first version stands. */
function codeFolder({ service, strategy }: Pick<FirstRelease, "service" | "strategy">): string {
  return modelOf({ strategy }).versionKind === "functions" ? `lambdas/${service}/v1` : `lambdas/${service}`;
}

/** The runtime, by the handler that is there or is written. */
function settingsOf(files: ProjectFiles, given: FirstRelease): object {
  if (modelOf(given).versionKind === "container") return {};
  const [entry] = entriesAmong(files.entries(codeFolder(given)).files, given.service);
  const written = given.language === "python" ? "python" : "node";
  const language = entry === undefined ? written : languageOfEntry(entry);
  return { settings: { runtime: firstRuntime(language, given.provider) } };
}

/** @param recorded fingerprint of the first version's definition. @default - that of `GET /` */
function releaseOf({ strategy, routes, openapi, image, api }: FirstRelease, recorded?: string): object {
  const { versionKind } = modelOf({ strategy });
  if (versionKind === "container") {
    if (image === undefined)
      throw new Unable(
        `${strategy} needs the first version's container image: --image <repository>@sha256:<digest>`,
      );
    return { strategy, versions: { v1: { container: { image } } }, stable: "v1" };
  }
  if (image !== undefined)
    throw new Unable(`'--image' must not be given: versions of ${strategy} are functions`);
  if (routes !== undefined && openapi !== undefined)
    throw new Unable("'--route' must not be given beside '--openapi': the document has the paths");
  const first = versionKind === "functions" ? "v1" : 1;
  if (api === false) {
    if (routes !== undefined || openapi !== undefined)
      throw new Unable("'--no-api' must not be given beside '--route' and '--openapi', which define an API");
    return { strategy, versions: [first], stable: first, api: false };
  }
  return {
    strategy,
    versions: recorded === undefined ? [first] : { [first]: { fingerprint: recorded } },
    stable: first,
    ...(openapi === undefined ? {} : { api: { openapi } }),
    ...(routes === undefined ? {} : { api: { routes: routes.map(routeOf) } }),
  };
}

function routeOf(text: string): object {
  const [, method, path] = /^(?:([A-Z]+) +)?(\/\S*)$/.exec(text) ?? [];
  if (path === undefined)
    throw new Unable(`'--route' must be a method and a path, such as "GET /orders/{id}", got "${text}"`);
  return method === undefined || method === "GET" ? { path } : { path, method };
}

/** As people write such a file: what fits a line stands on one. */
function textOf(value: object): string {
  return `${layout(value, "")}\n`;
}

function layout(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const itemsAt = (deeper: string) =>
    Array.isArray(value)
      ? value.map((item) => layout(item, deeper))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layout(item, deeper)}`);
  const space = Array.isArray(value) ? "" : " ";
  const line = `${open}${space}${itemsAt(`${indent}  `).join(", ")}${space}${close}`;
  if (indent !== "" && !line.includes("\n") && line.length <= 80) return line;
  const below = itemsAt(`${indent}  `).map((item) => `${indent}  ${item}`);
  return `${open}\n${below.join(",\n")}\n${indent}${close}`;
}
