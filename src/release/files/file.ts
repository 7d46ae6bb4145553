import { checkAccessLogs } from "../checks/access-logs";
import { checkAdoptedOnce, checkAdoption } from "../checks/adoption";
import { checkAlarms } from "../checks/alarms";
import { checkApiLimits } from "../checks/api-limits";
import { checkAuthorizers } from "../checks/authorizers";
import { checkAuto } from "../checks/auto";
import { checkNameCollisions, checkNameLengths, checkVersionIds } from "../checks/aws-names";
import { checkCode } from "../checks/code";
import { checkDefinition } from "../checks/definition";
import { checkDeployment } from "../checks/deployment";
import {
  checkBasePath,
  checkBasePaths,
  checkDomain,
  checkDomainOnce,
  checkDomainProvider,
} from "../checks/domain";
import { checkBalancerName, checkCertificate, checkEcs } from "../checks/ecs";
import type { Finding } from "../checks/finding";
import {
  checkKeys,
  checkLogging,
  checkReservedConcurrency,
  checkSnapStart,
} from "../checks/function-options";
import {
  checkAccountOnce,
  checkGitHub,
  checkGitHubRoles,
  checkMadeOnce,
  checkStateBucket,
} from "../checks/github";
import { checkFunctionLists, checkGranted } from "../checks/granted";
import { checkGuard } from "../checks/guard";
import { checkGuardedRoutes } from "../checks/guarded-routes";
import { checkHandlers } from "../checks/handlers";
import { checkHookRegions, checkHooks } from "../checks/hooks";
import { checkLambdaVersions } from "../checks/lambda-versions";
import { checkNotifications } from "../checks/notifications";
import { checkAccess, checkRoles } from "../checks/permissions";
import { checkPointers, checkSteps } from "../checks/pointers";
import { checkProvider } from "../checks/provider";
import { checkRegions } from "../checks/regions";
import { checkRequests } from "../checks/requests";
import { checkRollout } from "../checks/rollout";
import { checkRoutes } from "../checks/routes";
import { checkHeader, checkRulePriorities } from "../checks/routing-rules";
import { type Conditions, checkRuntimes } from "../checks/runtimes";
import { checkApiSecurity } from "../checks/security-policy";
import {
  checkEnvironmentVariables,
  checkImage,
  checkLayers,
  checkPublishedSettings,
} from "../checks/settings";
import { checkStage, checkTimeouts, checkWebAcl } from "../checks/stage";
import { checkStrategy } from "../checks/strategy";
import { checkStreaming } from "../checks/streaming";
import { checkTags } from "../checks/tags";
import { checkTemporaryStage } from "../checks/temporary-stage";
import { checkTrains } from "../checks/trains";
import { checkTriggerSources, checkTriggers } from "../checks/triggers";
import { checkUsagePlans } from "../checks/usage-plans";
import { checkWithoutApi } from "../checks/without-api";
import { withDefaults } from "../defaults";
import { readOpenApi } from "../definition/document/document";
import { type Environment, environmentOf } from "../environment/environment";
import { hookFolder } from "../functions/hooks";
import { functionNames, hasApi } from "../functions/service-functions";
import type { FieldPath, Problem } from "../problem";
import { type Release, resolveRelease, stagesOf } from "../release";
import { type HandlerFiles, ownFolder, type ReleaseContext } from "../release-context";
import { environmentFile } from "../schema/environment";
import { name as nameSchema } from "../schema/fields";
import { releaseFile } from "../schema/release";
import { readFile } from "./checked-file";
import { notThere, type ProjectFiles } from "./project-files";
import { servicesOf, strayProblems } from "./releases-folder";

export interface ReadReleases {
  /** The valid environments. */
  readonly environments: readonly Environment[];
  /** The valid releases of valid environments. */
  readonly releases: readonly Release[];
  /** Every problem of every file. Where there is one, nothing of the project may be synthesized. */
  readonly problems: readonly Problem[];
}

/** A check of a valid file, and the fields that must be without fault before it makes sense. */
interface Check {
  readonly run: (context: ReleaseContext) => Finding[];
  readonly reads: readonly string[];
  /** Settings that must be without fault too, at whatever level. @default - none */
  readonly readsSettings?: readonly string[];
  /** Whether it judges by the environment, and so makes no sense without one. */
  readonly needsEnvironment?: boolean;
  /** Whether it judges the API, and so makes no sense without one. */
  readonly needsApi?: boolean;
}

const checks: readonly Check[] = [
  { run: checkStrategy, reads: ["strategy"] },
  { run: checkPointers, reads: ["versions"] },
  { run: checkSteps, reads: ["steps"] },
  { run: checkAuto, reads: ["steps", "guard"], needsEnvironment: true },
  { run: checkLambdaVersions, reads: ["versions", "functions"] },
  { run: checkWithoutApi, reads: ["strategy"] },
  { run: checkTemporaryStage, reads: ["api", "versions"], needsApi: true },
  { run: checkHandlers, reads: ["versions", "functions"], readsSettings: ["code"] },
  { run: checkCode, reads: ["versions", "functions"], readsSettings: ["code", "runtime", "layers"] },
  { run: checkRoutes, reads: ["functions"], needsApi: true },
  { run: checkAuthorizers, reads: ["api", "functions"], needsApi: true },
  { run: checkUsagePlans, reads: ["api", "stage"], needsApi: true },
  { run: checkGuardedRoutes, reads: ["api", "functions"], needsApi: true },
  { run: checkApiLimits, reads: ["api", "functions"], needsApi: true },
  { run: checkRequests, reads: ["api", "requests"], needsApi: true },
  {
    run: checkStreaming,
    reads: ["api", "functions", "versions"],
    readsSettings: ["runtime", "environment"],
    needsApi: true,
  },
  { run: checkDefinition, reads: ["api", "functions", "versions"], needsApi: true },
  { run: checkEnvironmentVariables, reads: [] },
  { run: checkAccess, reads: [], needsEnvironment: true },
  { run: checkRoles, reads: ["versions", "functions"], needsEnvironment: true },
  { run: checkGranted, reads: ["versions", "functions"], needsEnvironment: true },
  { run: checkLayers, reads: [], needsEnvironment: true },
  { run: checkKeys, reads: [], needsEnvironment: true },
  { run: checkLogging, reads: [] },
  { run: checkSnapStart, reads: ["strategy", "versions"] },
  { run: checkReservedConcurrency, reads: ["strategy", "versions"] },
  { run: checkImage, reads: ["image"], needsEnvironment: true },
  { run: checkPublishedSettings, reads: ["settings", "functions", "versions"] },
  { run: checkRollout, reads: ["rollout"] },
  { run: checkDeployment, reads: ["deployment"] },
  { run: checkEcs, reads: ["versions", "ecs"] },
  { run: checkBalancerName, reads: ["strategy"], needsEnvironment: true },
  { run: checkTags, reads: ["strategy", "ecs"], needsEnvironment: true },
  { run: checkCertificate, reads: ["ecs"], needsEnvironment: true },
  { run: checkStage, reads: ["stage", "functions", "api"], needsApi: true },
  { run: checkWebAcl, reads: ["stage"], needsEnvironment: true, needsApi: true },
  { run: checkBasePath, reads: ["stage"], needsEnvironment: true, needsApi: true },
  { run: checkHeader, reads: ["stage", "preview", "blue"], needsEnvironment: true, needsApi: true },
  { run: checkTriggers, reads: ["triggers", "functions"] },
  { run: checkTriggerSources, reads: ["triggers"], needsEnvironment: true },
  { run: checkAlarms, reads: ["alarms"] },
  { run: checkGuard, reads: ["alarms", "guard"], needsEnvironment: true },
  { run: checkAccessLogs, reads: ["alarms", "stage", "dashboard"] },
  { run: checkHooks, reads: ["hooks"] },
  { run: checkHookRegions, reads: ["hooks"], needsEnvironment: true },
  { run: checkGitHubRoles, reads: ["strategy"], needsEnvironment: true },
  { run: checkAdoption, reads: ["versions", "functions"] },
  { run: checkVersionIds, reads: ["versions"] },
  { run: checkNameLengths, reads: ["versions", "functions", "guard"], needsEnvironment: true },
];

/**
 * Reads and checks all of releases/.
 *
 * @param conditions for which it is checked what AWS still creates. @default - that is not checked
 */
export function readReleases(files: ProjectFiles, conditions?: Conditions): ReadReleases {
  const problems: Problem[] = [];
  const environments: Environment[] = [];
  const contexts: { file: string; context: ReleaseContext }[] = [];

  problems.push(...strayProblems(files));
  for (const name of files.entries("releases").folders) {
    if (files.entries(`releases/${name}`).trouble !== undefined) continue;
    const environment = readEnvironment(files, name, conditions);
    problems.push(...environment.problems);
    if (environment.value !== undefined) environments.push(environment.value);

    for (const service of servicesOf(files, name)) {
      const release = readRelease(files, service, name, environment.value, conditions);
      problems.push(...release.problems);
      const file = releasePath(name, service);
      if (release.context !== undefined) contexts.push({ file, context: release.context });
    }
  }
  if (environments.length === 0 && problems.length === 0) {
    problems.push({ file: "releases", field: [], message: "must hold a folder for each environment" });
  }
  problems.push(
    ...checkMadeOnce(environments),
    ...checkAccountOnce(environments),
    ...checkDomainOnce(environments),
    ...checkBasePaths(contexts),
    ...checkRulePriorities(contexts),
    ...checkNameCollisions(contexts),
    ...checkAdoptedOnce(contexts),
  );
  return {
    environments,
    releases: problems.length > 0 ? [] : contexts.map(({ context }) => resolveRelease(context)),
    problems,
  };
}

export interface ReadService {
  /** What could be understood, which may be without fields that have problems. @default - nothing could */
  readonly context?: ReleaseContext;
  /** @default - there are problems */
  readonly release?: Release;
  /** Empty where the file is valid. */
  readonly problems: readonly Problem[];
}

/** Reads and checks the release of one service, and its environment. */
export function readService(files: ProjectFiles, environment: string, service: string): ReadService {
  const { value, problems } = readEnvironment(files, environment);
  const read = readRelease(files, service, environment, value);
  const all = [...problems, ...read.problems];
  const { context } = read;
  const isValid = context !== undefined && all.length === 0;
  return { context, release: isValid ? resolveRelease(context) : undefined, problems: all };
}

export function releasePath(environment: string, service: string): string {
  return `releases/${environment}/${service}.json`;
}

export function readEnvironment(
  files: ProjectFiles,
  name: string,
  conditions?: Conditions,
): { value?: Environment; problems: Problem[] } {
  const folder = `releases/${name}`;
  const read = readFile(files, `${folder}/environment.json`, environmentFile, (file, faulty) => [
    ...checkGitHub(file, faulty),
    ...checkStateBucket(file),
    ...checkRegions(file),
    ...checkFunctionLists(file),
    ...checkApiSecurity(file, faulty),
    ...checkNotifications(file),
    ...checkDomain(file, faulty),
    ...checkTrains(file, servicesOf(files, name), name),
    ...checkDomainProvider(file, conditions?.provider),
  ]);
  return {
    value: read.value && environmentOf(name, read.value),
    problems: [...nameProblems(folder, name, "environment"), ...read.problems],
  };
}

/** Without its environment a file is still checked for itself, in one that has every default. */
function readRelease(
  files: ProjectFiles,
  service: string,
  environmentName: string,
  environment: Environment | undefined,
  conditions?: Conditions,
) {
  let context: ReleaseContext | undefined;
  let ofDocument: readonly Problem[] = [];
  const placeholder = environmentOf("unknown", environmentFile.parse({ region: "us-east-1" }));
  const path = releasePath(environmentName, service);
  const { problems } = readFile(files, path, releaseFile, (file, faulty) => {
    const own = { service, file: withDefaults(file, environment ?? placeholder) };
    const { openapi } = own.file.api ?? {};
    const { quotas } = environment ?? placeholder;
    const reader = {
      functions: functionNames(own),
      integrationTimeoutMs: quotas.integrationTimeoutMs,
      stages: environment && stagesOf(own.file, environment),
      cors: own.file.api?.cors,
    };
    const imported = openapi === undefined ? undefined : readOpenApi(files, openapi, reader);
    ofDocument = imported?.problems ?? [];
    context = {
      ...own,
      environment: environment ?? placeholder,
      imported: imported?.api,
      handlerFiles: handlerFiles(files, service),
      hookFiles: files.entries(hookFolder).files,
    };
    const valid = context;
    // A range of a field, like those of the schema, but that the environment may raise it.
    const timeouts = checkTimeouts(valid);
    // Of a document with problems nobody knows the routes.
    const unusable = [
      ...faulty,
      ...timeouts.map(({ field }) => field),
      ...(ofDocument.length > 0 ? [["api"]] : []),
    ];
    const found = checks
      .filter(({ needsEnvironment }) => environment !== undefined || needsEnvironment !== true)
      .filter(({ needsApi }) => needsApi !== true || hasApi(own.file))
      .filter(({ reads }) => !unusable.some((field) => reads.includes(String(field[0]))))
      .filter(({ readsSettings: names = [] }) => !unusable.some(settingAmong(names)))
      .flatMap(({ run }) => run(valid));
    const ofRuntimes = conditions === undefined || faulty.length > 0 ? [] : checkRuntimes(valid, conditions);
    return [...timeouts, ...found, ...checkProvider(valid, conditions?.provider), ...ofRuntimes];
  });
  return {
    problems: [
      ...nameProblems(path, service, "service"),
      ...problems,
      ...ofDocument,
      ...handlerProblems(files, service),
    ],
    context: environment === undefined || ofDocument.length > 0 ? undefined : context,
  };
}

/** Whether a field is one of these settings, or a part of one. */
function settingAmong(names: readonly string[]) {
  return (field: FieldPath) => field.some((part) => names.includes(String(part)));
}

function nameProblems(file: string, value: string, what: string): Problem[] {
  const parsed = nameSchema().safeParse(value);
  if (parsed.success) return [];
  const message = `must be named after its ${what}: ${parsed.error.issues[0]?.message.replace(/^must be /, "")}`;
  return [{ file, field: [], message, value }];
}

/** What stands among the handlers and would be passed over: a version's folder may be such a link. */
function handlerProblems(files: ProjectFiles, service: string): Problem[] {
  const own = `lambdas/${service}`;
  const folders = [own, ...files.entries(own).folders.map((name) => `${own}/${name}`)];
  return folders.flatMap((folder) => {
    const { others = [], trouble } = files.entries(folder);
    const unused = others.map((name) => `${folder}/${name}`);
    return [
      ...(trouble === undefined ? [] : [{ file: folder, field: [], message: trouble }]),
      ...unused.map((file) => ({ file, field: [], message: files.trouble?.(file) ?? notThere })),
    ];
  });
}

function handlerFiles(files: ProjectFiles, service: string): HandlerFiles {
  const folder = `lambdas/${service}`;
  const own = files.entries(folder);
  // Packages that were installed for the service's own folder are no version of it.
  const versions = own.folders.filter((name) => name !== "node_modules");
  const below = versions.map((name) => [name, files.entries(`${folder}/${name}`).files] as const);
  return new Map([[ownFolder, own.files], ...below]);
}
