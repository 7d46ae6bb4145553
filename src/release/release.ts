import { alarmsOf } from "./alarms/alarms";
import { hasDashboard } from "./alarms/dashboard";
import { verdictSettingsOf } from "./alarms/verdict-settings";
import type { ReleaseFile } from "./defaults";
import type { Environment } from "./environment/environment";
import type { DeployedFunction } from "./functions/deployed-function";
import { deployedHooks } from "./functions/hooks";
import { definitionInFile, functionsInFile, functionsOf } from "./functions/service-functions";
import { guardOf } from "./guard";
import type { Pointer } from "./pointer";
import type { ServedByApi } from "./release-base";
import { ownFolder, type ReleaseContext } from "./release-context";
import type { Split } from "./split";
import { decisionOf, decisionText } from "./steps/decision";
import { standingOf } from "./steps/standing";
import { modelOf, type models, shiftsByItself } from "./strategies/strategies";
import { splitBy } from "./traffic";
import type { ReleaseFunction } from "./version";

/** Declared intent for one service in one environment: valid, complete, and all that the stacks are given. */
export type Release = ReturnType<(typeof models)[keyof typeof models]["resolve"]>;

/** A release of functions. */
export type FunctionsRelease = Exclude<Release, { readonly versionKind: "container" }>;

/** A release of functions behind API Gateway. */
export type ApiRelease = FunctionsRelease & ServedByApi;

/** Whether API Gateway stands in front of the functions. */
export function isServedByApi(release: Release): release is ApiRelease {
  return "definition" in release && release.definition !== undefined;
}

/** A release of functions of which Lambda keeps numbered versions. */
export type LambdaVersionsRelease = Extract<Release, { readonly versionKind: "lambda" }>;

/** Every function that is deployed with code: the service's, and the hooks. */
export function deployedFunctions(release: Release): readonly DeployedFunction[] {
  const functions = "functions" in release ? release.functions : [];
  return "hooks" in release ? [...functions, ...deployedHooks(release.hooks)] : functions;
}

/** The service's functions by the folder of their code: a version's, or the service's own. */
export function functionsByFolder(release: Release): ReadonlyMap<string, readonly ReleaseFunction[]> {
  switch (release.versionKind) {
    case "functions":
      return new Map(release.versions.map(({ name, functions }) => [name, functions]));
    case "lambda":
      return new Map([[ownFolder, release.functions]]);
    default:
      return new Map();
  }
}

/** The name of the stage that users call. */
/** The names of all stages that the API of a file has. */
export function stagesOf(
  file: Pick<ReleaseFile, "stage" | "strategy" | "preview" | "blue">,
  environment: Environment,
): readonly string[] {
  return [
    stageName(file, environment),
    ...(file.preview === undefined ? [] : ["preview"]),
    ...(file.blue === undefined ? [] : ["blue"]),
  ];
}

export function stageName(file: Pick<ReleaseFile, "stage" | "strategy">, environment: Environment): string {
  return file.stage.name ?? modelOf(file).stageName ?? environment.name;
}

/** The release of a file that passed every check. */
export function resolveRelease(context: ReleaseContext): Release {
  const { service, environment, file } = context;
  const behindApi = () => ({
    functions: functionsInFile(context),
    definition: definitionInFile(context),
    stage: {
      ...file.stage,
      name: stageName(file, environment),
      throttling: file.stage.throttling ?? environment.throttling,
    },
    requests: file.requests,
  });
  const release = modelOf(file).resolve({
    context,
    service: {
      service,
      environment,
      name: `${service}-${environment.name}`,
      alarms: alarmsOf(file),
      dashboard: hasDashboard(file, environment),
      guard: guardOf(file, environment),
      verdict: verdictSettingsOf(file, environment),
    },
    behindApi,
    invoked: () => (file.withoutApi ? { functions: functionsInFile(context) } : behindApi()),
    functionsOf: (version) => functionsOf(context, version),
  });
  return release as Release;
}

/** Who serves users by a release. @returns nothing where CodeDeploy or ECS gives the shares */
export function splitOf(release: Release): Split | undefined {
  if (shiftsByItself(modelOf(release))) return undefined;
  return splitBy(standingOf(release));
}

/** All that decides who serves the users of a release, as its stack makes it. */
export function pointerOf(release: FunctionsRelease): Pointer {
  const pointer = modelOf(release).pointer?.(release);
  if (pointer === undefined) throw new Error(`${release.strategy} has no pointer`);
  const description = descriptionOf(release);
  if (description === undefined) return pointer;
  if (modelOf(release).movedBy === "stage") return { ...pointer, description };
  const aliases = Object.entries(pointer.aliases).map(([name, target]) => [name, { ...target, description }]);
  return { ...pointer, aliases: Object.fromEntries(aliases) };
}

/** The decision by which a pointer stands as it does, where a guard asks for it. */
export function descriptionOf(release: Release): string | undefined {
  return release.guard && decisionText(decisionOf(standingOf(release)));
}
