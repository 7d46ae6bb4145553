import type { Definition } from "./definition/definition";
import { aliasInVariable } from "./functions/alias-variable";
import type { Percent } from "./percent";
import type { Canary, LambdaVersion, ReleaseFunction, Version } from "./version";

/** What one side of the stage is served from. */
export interface Target {
  /** Description of its API Gateway deployment, by which it is found in AWS. */
  readonly deployment: string;
  /** The stage variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Whether a stage variable names what answers, a function or an alias: the others are the file's own. */
export function namesTarget(stageVariable: string): boolean {
  return stageVariable === "alias" || stageVariable.endsWith("Function");
}

/** What an alias names. */
export interface AliasTarget {
  /** Number of the version that gets what no weight takes. */
  readonly version: string;
  /** Shares of other versions, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** By what decision it stands so, where it is what a step moves. @default - none is given */
  readonly description?: string;
}

/** All that decides who serves users, as AWS must have it where it is as a release says. */
export interface Pointer {
  /** What of a stage serves the stable version. @default - there is no API, and the aliases decide alone */
  readonly stable?: Target;
  /** @default - all requests go to stable's target */
  readonly canary?: Target & { readonly percent: number };
  /** As a stage variable names them, the aliases that serve users: `live`, or with its function `shop-dev-admin:live`. */
  readonly aliases: Readonly<Record<string, AliasTarget>>;
  /** By what decision the stage stands so, where it is what a step moves. @default - none is given */
  readonly description?: string;
}

/** The alias that serves all users where one alias does. */
export const liveAlias = "live";
/** The alias that follows the stable version, where the file asks for one. */
export const greenAlias = "green";

/** The alias that is a version's own, and never moves. */
export function versionAlias(version: string): string {
  return `v${version}`;
}

/** What serves a version of which every function is its own. */
export function functionsTarget({ name, functions }: Pick<Version, "name" | "functions">): Target {
  const variables = functions.map(({ stageVariable, awsName }) => [stageVariable, awsName]);
  return { deployment: name, variables: Object.fromEntries(variables) };
}

/** Description of the deployment that a version has of its own, where Lambda keeps its functions. */
export function versionDeployment(version: string): string {
  return `version ${version}`;
}

/** What serves a version of which each function has an alias of its own. */
export function versionTarget(version: LambdaVersion, functions: readonly ReleaseFunction[]): Target {
  const variables = aliasVariables(versionAlias(version.name), version, functions);
  return { deployment: versionDeployment(version.name), variables };
}

/** The deployment that all versions of one API definition share. */
export function definitionDeployment(fingerprint: string): string {
  return `definition ${fingerprint}`;
}

/** A stage splits the requests between what serves stable and what serves the canary. */
export function splitByStage<V>(
  { stable, canary }: { readonly stable: V; readonly canary?: Canary<V> },
  target: (version: V) => Target,
  aliases: Pointer["aliases"] = {},
): Pointer {
  return {
    stable: target(stable),
    canary: canary && { ...target(canary.version), percent: canary.percent.value },
    aliases,
  };
}

/** The functions that a version has. */
export function functionsOfVersion(
  { numbers }: LambdaVersion,
  functions: readonly ReleaseFunction[],
): readonly ReleaseFunction[] {
  return functions.filter(({ name }) => numbers[name] !== undefined);
}

/** The aliases of a version's functions that are this version's own, or follow it. */
export function aliasesAt(
  alias: string,
  version: LambdaVersion,
  functions: readonly ReleaseFunction[],
): Pointer["aliases"] {
  const targets = functionsOfVersion(version, functions).map((one): [string, AliasTarget] => [
    aliasInVariable(one, alias),
    { version: version.numbers[one.name] ?? "", weights: {} },
  ]);
  return Object.fromEntries(targets);
}

/** A stage names an alias of each function that the version has, and the deployment of its definition. */
export function behindAlias(
  alias: string,
  version: LambdaVersion,
  functions: readonly ReleaseFunction[],
  aliases: Pointer["aliases"] = aliasesAt(alias, version, functions),
): Pointer {
  const variables = aliasVariables(alias, version, functions);
  return { stable: { deployment: definitionDeployment(version.fingerprint), variables }, aliases };
}

/** What a release says of the aliases that serve all users. */
export interface SplitByAliases {
  /** Every function of the service. */
  readonly functions: readonly ReleaseFunction[];
  /** The published versions, in the order of the file. */
  readonly versions: readonly LambdaVersion[];
  /** The version that serves most users. */
  readonly stable: LambdaVersion;
  readonly canary?: { readonly version: LambdaVersion; readonly percent?: Percent };
  /** @default - there is no API */
  readonly definition?: Definition;
}

/** The numbers that the alias of one function names. */
export interface LiveNumbers {
  /** The number that most invocations get. */
  readonly stable: string;
  /** Another number than `stable`. @default - the canary has the function as stable has it, or not at all */
  readonly canary?: string;
}

/**
 * What the alias `live` of a function names. One that stable lacks waits for it with the first version that has it.
 *
 * @returns nothing where no version has the function
 */
export function liveNumbers(
  { versions, stable, canary }: Omit<SplitByAliases, "functions">,
  name: string,
): LiveNumbers | undefined {
  const serving = [stable, ...(canary ? [canary.version] : []), ...versions];
  const number = serving.map(({ numbers }) => numbers[name]).find((one) => one !== undefined);
  if (number === undefined) return undefined;
  const next = stable.numbers[name] === undefined ? undefined : canary?.version.numbers[name];
  return { stable: number, canary: next === number ? undefined : next };
}

/** One alias of each function splits the invocations. */
export function splitByAliases(release: SplitByAliases): Pointer {
  const { functions, stable, canary, definition } = release;
  const targets = functions.flatMap((one): [string, AliasTarget][] => {
    const numbers = liveNumbers(release, one.name);
    if (numbers === undefined) return [];
    const { percent } = canary ?? {};
    const weights = numbers.canary && percent ? { [numbers.canary]: percent.weight } : {};
    return [[aliasInVariable(one, liveAlias), { version: numbers.stable, weights }]];
  });
  const aliases = Object.fromEntries(targets);
  return definition === undefined ? { aliases } : behindAlias(liveAlias, stable, functions, aliases);
}

function aliasVariables(
  alias: string,
  version: LambdaVersion,
  functions: readonly ReleaseFunction[],
): Target["variables"] {
  return Object.fromEntries(
    functionsOfVersion(version, functions).map((one) => [one.aliasVariable, aliasInVariable(one, alias)]),
  );
}
