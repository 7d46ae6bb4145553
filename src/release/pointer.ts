import type { Canary, LambdaVersion, Version } from "./version";

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
  /** By their names, the aliases that serve users. */
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

/** What serves a version that has an alias and a deployment of its own. */
export function versionTarget(version: string): Target {
  return { deployment: `version ${version}`, variables: { alias: versionAlias(version) } };
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

/** A stage names one alias, which splits the invocations where it has weights. */
export function behindAlias(
  alias: string,
  { name, fingerprint }: LambdaVersion,
  weights: AliasTarget["weights"] = {},
): Pointer {
  return {
    stable: { deployment: definitionDeployment(fingerprint), variables: { alias } },
    ...aliasAlone(alias, { name }, weights),
  };
}

/** Nothing but one alias, which splits the invocations where it has weights. */
export function aliasAlone(
  alias: string,
  { name }: Pick<LambdaVersion, "name">,
  weights: AliasTarget["weights"] = {},
): Pointer {
  return { aliases: { [alias]: { version: name, weights } } };
}
