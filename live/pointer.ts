import type { ApiRelease, LambdaVersion, Version } from "../release/release";

/** What one side of the stage is served from. */
export interface Target {
  /** Description of its deployment. */
  readonly deployment: string;
  /** The stage variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What an alias names. */
export interface AliasTarget {
  readonly version: string;
  /** Shares of other versions, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
}

/** All that decides who serves users, as AWS must have it where it is as a release says. */
export interface Pointer {
  readonly stable: Target;
  /** @default - all requests go to stable's target */
  readonly canary?: Target & { readonly percent: number };
  /** By their names, the aliases that serve users. */
  readonly aliases: Readonly<Record<string, AliasTarget>>;
}

/** The pointer that the stacks make of a release. */
export function pointerOf(release: ApiRelease): Pointer {
  switch (release.strategy) {
    case "canary-stage":
      return splitByStage(release, targetOf, {});
    case "alias-canary-stage": {
      const serving = [release.stable, ...(release.canary ? [release.canary.version] : [])];
      const aliases = serving.map(({ name }) => [`v${name}`, { version: name, weights: {} }]);
      return splitByStage(release, aliasTargetOf, Object.fromEntries(aliases));
    }
    case "weighted-alias": {
      const { stable, canary } = release;
      const weights = canary ? { [canary.version.name]: canary.percent.weight } : {};
      return behindOne("live", stable, weights);
    }
    case "blue-green-stage": {
      const { stable, greenAlias } = release;
      const pointer = behindOne(`v${stable.name}`, stable, {});
      if (!greenAlias) return pointer;
      return { ...pointer, aliases: { ...pointer.aliases, green: { version: stable.name, weights: {} } } };
    }
    case "codedeploy-alias":
      // As it is where CodeDeploy moves nothing.
      return behindOne("live", release.stable, {});
  }
}

/** What serves a version of which every function is its own. */
export function targetOf({ name, functions }: Version): Target {
  const variables = functions.map(({ stageVariable, awsName }) => [stageVariable, awsName]);
  return { deployment: name, variables: Object.fromEntries(variables) };
}

function aliasTargetOf({ name }: LambdaVersion): Target {
  return { deployment: `version ${name}`, variables: { alias: `v${name}` } };
}

function splitByStage<V>(
  { stable, canary }: { readonly stable: V; readonly canary?: { version: V; percent: { value: number } } },
  target: (version: V) => Target,
  aliases: Pointer["aliases"],
): Pointer {
  return {
    stable: target(stable),
    canary: canary && { ...target(canary.version), percent: canary.percent.value },
    aliases,
  };
}

function behindOne(
  alias: string,
  { name, fingerprint }: LambdaVersion,
  weights: AliasTarget["weights"],
): Pointer {
  return {
    stable: { deployment: `definition ${fingerprint}`, variables: { alias } },
    aliases: { [alias]: { version: name, weights } },
  };
}
