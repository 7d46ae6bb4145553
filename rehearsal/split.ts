import type { Stage } from "./api-gateway/stage";

/** A version and the share of the requests that its stage gives it. */
export interface ExpectedShare {
  readonly version: string;
  /** 0 to 100 */
  readonly percent: number;
}

/** The name in AWS of each function, by version and function: the stack's output `functions`. */
export type FunctionsOutput = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Names the version of a function. */
export type VersionOf = (functionName: string) => string;

/** Names the version of a function. One that the output does not have stands for itself. */
export function versionNames(functions: FunctionsOutput | undefined): VersionOf {
  const versions = new Map(
    Object.entries(functions ?? {}).flatMap(([version, names]) =>
      Object.values(names).map((name) => [name, version] as const),
    ),
  );
  return (functionName) => versions.get(functionName) ?? functionName;
}

/** Who should serve what of a stage: stable, and after it the canary. */
export function expectedShares(stage: Stage, versionOf: VersionOf): ExpectedShare[] {
  const version = (variables: Readonly<Record<string, string>>) =>
    [...new Set(Object.values(variables).map(versionOf))].join("+");
  const { stable, canary } = stage;
  if (canary === undefined) return [{ version: version(stable.ownVariables), percent: 100 }];
  const rest = Number((100 - canary.percent).toFixed(6));
  return [
    { version: version(stable.ownVariables), percent: rest },
    { version: version(canary.side.ownVariables), percent: canary.percent },
  ];
}
