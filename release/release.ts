import { type AlarmSettings, alarmsOf } from "./alarms";
import { type Definition, definitionOf } from "./definition";
import type { DeployedFunction } from "./deployed-function";
import { type ContainerVersion, type EcsSettings, ecsOf } from "./ecs";
import type { Environment } from "./environment";
import { fingerprint } from "./fingerprint";
import { handlerSource, resolveSettings } from "./function-settings";
import { deployedHooks, type Hooks, hooksOf } from "./hooks";
import { stageVariableOf } from "./openapi";
import { Percent } from "./percent";
import { codeFolders, functionNames, type ReleaseContext, versionsInFile } from "./release-context";
import { roleOf } from "./role";
import { type EcsRolloutSettings, ecsRolloutOf, type RolloutSettings, rolloutOf } from "./rollout";
import type { ReleaseFile, StageInFile, Strategy } from "./schema";
import { canaryPercent } from "./traffic";

/** A function of a service. */
export interface ReleaseFunction extends DeployedFunction {
  /** Its name within the service, the same in every version. */
  readonly name: string;
  /** The API Gateway stage variable that names it, where each version has functions of its own. */
  readonly stageVariable: string;
}

/** A version is immutable: its functions, their settings and its API definition are fixed once published. */
export interface Version {
  readonly name: string;
  /** Fingerprint of the API definition that it was published with. */
  readonly fingerprint: string;
  readonly functions: readonly ReleaseFunction[];
}

/** A version of one function, which Lambda numbered and keeps: its code and settings. */
export interface LambdaVersion {
  /** Its number, from 1. */
  readonly name: string;
  /** Fingerprint of the API definition that it was published with. */
  readonly fingerprint: string;
  /** Executions that Lambda keeps ready for it. @default - none */
  readonly provisionedConcurrency?: number;
}

/** A version on trial and its share. */
export interface Canary<V> {
  readonly version: V;
  readonly percent: Percent;
}

/** A version behind a stage of its own, for the callers that are named, until the file drops it. */
export interface TemporaryStageSettings<V> {
  readonly version: V;
  /** Ranges of addresses that may call it. */
  readonly sources: readonly string[];
}

export interface StageSettings extends Omit<StageInFile, "name" | "throttling"> {
  readonly name: string;
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
}

/** What was there before the release file, besides functions. */
export interface Adopted {
  /** Id of the API. @default - a new one is made */
  readonly api?: string;
  /** Whether the stage was there too. */
  readonly stage: boolean;
}

/** What every release has. */
interface ReleaseOf<S extends Strategy, V> {
  readonly service: string;
  readonly environment: Environment;
  /** `<service>-<environment>`: names the stack and, as a beginning, what is in it. */
  readonly name: string;
  readonly strategy: S;
  readonly versions: readonly V[];
  /** The version that serves most users. */
  readonly stable: V;
  /** @default - none */
  readonly alarms?: AlarmSettings;
}

/** A release of functions behind API Gateway. */
interface ApiReleaseOf<S extends Strategy, V> extends ReleaseOf<S, V> {
  /** Every function of the service, for all versions. */
  readonly functions: readonly ReleaseFunction[];
  /** The definition that the next published version snapshots. */
  readonly definition: Definition;
  readonly stage: StageSettings;
}

/** Each version has functions of its own, and a stage splits the requests. */
export interface CanaryStageRelease extends ApiReleaseOf<"canary-stage", Version> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<Version>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<Version>;
  readonly adopted: Adopted;
}

/** A release of one function, whose versions Lambda keeps. */
interface LambdaVersionsRelease<S extends Strategy> extends ApiReleaseOf<S, LambdaVersion> {
  readonly function: ReleaseFunction;
}

/** An alias for each version, and a stage that splits the requests. */
export interface AliasCanaryStageRelease extends LambdaVersionsRelease<"alias-canary-stage"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
}

/** One alias that splits the invocations. */
export interface WeightedAliasRelease extends LambdaVersionsRelease<"weighted-alias"> {
  /** @default - all traffic goes to stable */
  readonly canary?: Canary<LambdaVersion>;
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
}

/** A stage for users and another, for a while, for those who look at the next version. */
export interface BlueGreenStageRelease extends LambdaVersionsRelease<"blue-green-stage"> {
  /** @default - nothing is looked at */
  readonly blue?: TemporaryStageSettings<LambdaVersion>;
  /** Whether an alias `green` follows the stable version, for callers besides the API. */
  readonly greenAlias: boolean;
}

/** One alias that CodeDeploy moves from one version to the next. */
export interface CodedeployAliasRelease extends LambdaVersionsRelease<"codedeploy-alias"> {
  /** The version that CodeDeploy is to move the alias to. @default - none */
  readonly canary?: { readonly version: LambdaVersion };
  /** @default - none */
  readonly preview?: TemporaryStageSettings<LambdaVersion>;
  readonly rollout: RolloutSettings;
  readonly hooks: Hooks;
}

/** Containers behind a load balancer, whose users CodeDeploy moves from one version's tasks to the next's. */
export interface EcsBlueGreenRelease extends ReleaseOf<"ecs-blue-green", ContainerVersion> {
  /** The version that CodeDeploy is to move users to. @default - none */
  readonly canary?: { readonly version: ContainerVersion };
  readonly ecs: EcsSettings;
  readonly rollout: EcsRolloutSettings;
  readonly hooks: Hooks;
}

/** A release of functions behind API Gateway. */
export type ApiRelease =
  | CanaryStageRelease
  | AliasCanaryStageRelease
  | WeightedAliasRelease
  | BlueGreenStageRelease
  | CodedeployAliasRelease;

/** Declared intent for one service in one environment: valid, complete, and all that the stacks are given. */
export type Release = ApiRelease | EcsBlueGreenRelease;

/** Every function that is deployed with code: the service's, and the hooks. */
export function deployedFunctions(release: Release): readonly DeployedFunction[] {
  const functions = "functions" in release ? release.functions : [];
  return "hooks" in release ? [...functions, ...deployedHooks(release.hooks)] : functions;
}

export function definitionInFile(context: Pick<ReleaseContext, "service" | "file">): Definition {
  return definitionOf(context.file.api, functionNames(context)[0] ?? context.service);
}

/** Fingerprint of a version that records none: GET / to the function that is named as the service. */
export function defaultFingerprint(service: string): string {
  return fingerprint(definitionOf(undefined, service));
}

/** The functions whose code stands in a folder: a version's, or the service's own. */
export function functionsOf(
  context: Omit<ReleaseContext, "hookFiles">,
  folder: string,
): readonly ReleaseFunction[] {
  const { service, environment, file, handlerFiles } = context;
  return functionNames(context).flatMap((name) => {
    const source = sourceOf(context, folder, name, handlerFiles.get(folder) ?? []);
    if (source === undefined) return [];
    const ownName = [service, environment.name, name === service ? "" : name, folder]
      .filter((part) => part !== "")
      .join("-");
    const adoptedName = file.adopt.functions[folder]?.[name];
    return [
      {
        name,
        awsName: adoptedName ?? ownName,
        ownName,
        role: roleOf(ownName, environment),
        adopted: adoptedName !== undefined,
        stageVariable: stageVariableOf(name),
        settings: resolveSettings(file, folder, name, source.language),
        source,
      },
    ];
  });
}

function sourceOf(
  context: Pick<ReleaseContext, "service" | "file">,
  folder: string,
  name: string,
  files: readonly string[],
) {
  const { image } = context.file;
  if (image !== undefined) return { language: "image" as const, uri: image };
  return handlerSource(context, folder, name, files);
}

/** Every function that a deploy of the file makes. */
export function functionsInFile(context: ReleaseContext): readonly ReleaseFunction[] {
  return codeFolders(context.file).flatMap((folder) => functionsOf(context, folder));
}

/** The name of the stage that users call. */
export function stageName({ stage, strategy }: ReleaseFile, environment: Environment): string {
  return stage.name ?? (strategy === "blue-green-stage" ? "green" : environment.name);
}

/** The release of a file that passed every check. */
export function resolveRelease(context: ReleaseContext): Release {
  const { service, environment, file } = context;
  const { strategy } = file;
  const base = { service, environment, name: `${service}-${environment.name}`, alarms: alarmsOf(file) };
  if (strategy === "ecs-blue-green") return { ...base, strategy, ...containersOf(context) };
  const common = {
    ...base,
    functions: functionsInFile(context),
    definition: definitionInFile(context),
    stage: {
      ...file.stage,
      name: stageName(file, environment),
      throttling: file.stage.throttling ?? environment.throttling,
    },
  };
  const inFile = Object.entries(versionsInFile(file)).map(([name, own]) => ({
    name,
    fingerprint: own.fingerprint ?? defaultFingerprint(service),
    provisionedConcurrency: own.provisionedConcurrency,
  }));
  if (strategy === "canary-stage") {
    const versions = inFile.map(({ name, fingerprint }) => ({
      name,
      fingerprint,
      functions: functionsOf(context, name),
    }));
    const { api, stage } = file.adopt;
    return { ...common, strategy, ...pointersTo(versions, file), adopted: { api, stage } };
  }
  const [lambda] = common.functions;
  if (lambda === undefined) throw new Error(`${service} has no function`);
  const ofOne = { ...common, function: lambda, ...pointersTo(inFile, file) };
  if (strategy === "codedeploy-alias") {
    const canary = ofOne.canary && { version: ofOne.canary.version };
    return { ...ofOne, strategy, canary, rollout: rolloutOf(file), hooks: hooksOf(context) };
  }
  if (strategy !== "blue-green-stage") return { ...ofOne, strategy };
  return { ...ofOne, strategy, greenAlias: file.greenAlias ?? false };
}

function containersOf(context: ReleaseContext) {
  const { file } = context;
  const versions = Object.entries(versionsInFile(file)).flatMap(([name, { container }]) =>
    container === undefined ? [] : [{ name, container }],
  );
  const { stable, canary } = pointersTo(versions, file);
  return {
    versions,
    stable,
    canary: canary && { version: canary.version },
    ecs: ecsOf(file.ecs),
    rollout: ecsRolloutOf(file),
    hooks: hooksOf(context),
  };
}

/** The versions, and which of them the file points at. */
function pointersTo<V extends { readonly name: string }>(versions: readonly V[], file: ReleaseFile) {
  const named = (name: string) => versions.find((one) => one.name === name) as V;
  const temporary = (inFile: ReleaseFile["blue"]) => inFile && { ...inFile, version: named(inFile.version) };
  return {
    versions,
    stable: named(file.stable),
    canary: file.canary && {
      version: named(file.canary.version),
      percent: Percent.of(canaryPercent(file)),
    },
    preview: temporary(file.preview),
    blue: temporary(file.blue),
  };
}
