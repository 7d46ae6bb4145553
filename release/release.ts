import { type Definition, definitionOf } from "./definition";
import type { Environment } from "./environment";
import { fingerprint } from "./fingerprint";
import {
  type FunctionSettings,
  type HandlerSource,
  handlerSource,
  resolveSettings,
} from "./function-settings";
import { stageVariableOf } from "./openapi";
import { Percent } from "./percent";
import { functionNames, type ReleaseContext, versionsInFile } from "./release-context";
import type { ReleaseFile, StageInFile } from "./schema";

/** One function of one version, as AWS knows it. */
export interface ReleaseFunction {
  /** Its name within the service, the same in every version. */
  readonly name: string;
  /** Its name in AWS, of this version alone. */
  readonly awsName: string;
  /** The name that this project gives, to the function as to its role: another than `awsName` where one is adopted. */
  readonly ownName: string;
  /** Whether it was there before the release file. */
  readonly adopted: boolean;
  /** The API Gateway stage variable that names it. */
  readonly stageVariable: string;
  readonly settings: FunctionSettings;
  readonly source: HandlerSource;
}

/** A version is immutable: its functions, their settings and its API definition are fixed once published. */
export interface Version {
  readonly name: string;
  /** Fingerprint of the API definition that it was published with. */
  readonly fingerprint: string;
  readonly functions: readonly ReleaseFunction[];
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

/** Declared intent for one service in one environment: valid, complete, and all that the stacks are given. */
export interface Release {
  readonly service: string;
  readonly environment: Environment;
  /** `<service>-<environment>`: names the stack, the API and, as a beginning, the functions. */
  readonly name: string;
  readonly strategy: ReleaseFile["strategy"];
  readonly versions: readonly Version[];
  /** The version that serves most users. */
  readonly stable: Version;
  /** The version on trial and its share. @default - all traffic goes to stable */
  readonly canary?: { readonly version: Version; readonly percent: Percent };
  /** The definition that the next published version snapshots. */
  readonly definition: Definition;
  readonly stage: StageSettings;
  readonly adopted: Adopted;
}

export function definitionInFile(context: Pick<ReleaseContext, "service" | "file">): Definition {
  return definitionOf(context.file.api, functionNames(context)[0] ?? context.service);
}

/** Fingerprint of a version that records none: GET / to the function that is named as the service. */
export function defaultFingerprint(service: string): string {
  return fingerprint(definitionOf(undefined, service));
}

/** The functions that a version has: those whose handler stands in the version's folder. */
export function functionsOf(context: ReleaseContext, version: string): readonly ReleaseFunction[] {
  const { service, environment, file, handlerFiles } = context;
  return functionNames(context).flatMap((name) => {
    const source = handlerSource(context, version, name, handlerFiles.get(version) ?? []);
    if (source === undefined) return [];
    const middle = name === service ? "" : `${name}-`;
    const ownName = `${service}-${environment.name}-${middle}${version}`;
    const adoptedName = file.adopt.functions[version]?.[name];
    return [
      {
        name,
        awsName: adoptedName ?? ownName,
        ownName,
        adopted: adoptedName !== undefined,
        stageVariable: stageVariableOf(name),
        settings: resolveSettings(file, version, name, source.language),
        source,
      },
    ];
  });
}

/** Whether this project made it once, and has lost its state: it has a role and permission from then. */
export function isRecovered({ adopted, awsName, ownName }: ReleaseFunction): boolean {
  return adopted && awsName === ownName;
}

/** The release of a file that passed every check. */
export function resolveRelease(context: ReleaseContext): Release {
  const { service, environment, file } = context;
  const versions = Object.entries(versionsInFile(file)).map(([name, inFile]) => ({
    name,
    fingerprint: inFile.fingerprint ?? defaultFingerprint(service),
    functions: functionsOf(context, name),
  }));
  const versionNamed = (name: string) => {
    const version = versions.find((one) => one.name === name);
    if (version === undefined) throw new Error(`'${name}' is not a version of ${service}`);
    return version;
  };
  return {
    service,
    environment,
    name: `${service}-${environment.name}`,
    strategy: file.strategy,
    versions,
    stable: versionNamed(file.stable),
    canary: file.canary && {
      version: versionNamed(file.canary.version),
      percent: Percent.of(file.canary.percent),
    },
    definition: definitionInFile(context),
    stage: {
      ...file.stage,
      name: file.stage.name ?? environment.name,
      throttling: file.stage.throttling ?? environment.throttling,
    },
    adopted: { api: file.adopt.api, stage: file.adopt.stage },
  };
}
