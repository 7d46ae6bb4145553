import type { ExpectedShare } from "../traffic/report";
import { qualifiedName, targetOf } from "./api-gateway/integration-target";
import type { ServedDeployment, Stage } from "./api-gateway/stage";
import { sharesOf } from "./lambda/alias";
import type { LambdaFunction } from "./lambda/function";
import type { InvocationTarget } from "./lambda/lambda-service";

/** The name in AWS of each function, by version and function: the stack's output `functions`. */
export type FunctionsOutput = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Functions by their names, as they are after an apply. */
export type Functions = ReadonlyMap<string, LambdaFunction>;

/** Names the version of a function. @param functionVersion the one that ran. @default - `$LATEST` */
export type VersionOf = (functionName: string, functionVersion?: string) => string;

/**
 * Names the version of a function: as the output does, or by the number that Lambda published it with where the
 * output has no other name for it. One that has neither stands for itself.
 */
export function versionNames(functions: FunctionsOutput | undefined): VersionOf {
  const versions = new Map<string, string>();
  const ofSeveral = new Set<string>();
  for (const [version, names] of Object.entries(functions ?? {})) {
    for (const name of typeof names === "object" ? Object.values(names) : []) {
      if ((versions.get(name) ?? version) !== version) ofSeveral.add(name);
      versions.set(name, version);
    }
  }
  return (functionName, functionVersion = "$LATEST") => {
    const named = versions.get(functionName) ?? functionName;
    if (functionVersion === "$LATEST") return named;
    const isNamed = versions.has(functionName) && !ofSeveral.has(functionName) && !/^\d+$/.test(named);
    return isNamed ? named : functionVersion;
  };
}

/**
 * Who should serve what of a stage: stable, and after it the canary. Where one goes by aliases, its share is that of
 * the stage times that of the alias.
 */
export function expectedShares(
  { stable, canary }: Stage,
  versionOf: VersionOf,
  functions: Functions = new Map(),
): ExpectedShare[] {
  const percent = canary?.percent ?? 0;
  const shares = [
    ...scaled(servedShares(stable, versionOf, functions), 100 - percent),
    ...(canary === undefined ? [] : scaled(servedShares(canary.served, versionOf, functions), percent)),
  ];
  const versions = [...new Set(shares.map(({ version }) => version))];
  return versions.map((version) => {
    const own = shares.filter((share) => share.version === version);
    return { version, percent: rounded(own.reduce((sum, share) => sum + share.percent, 0)) };
  });
}

/** Which versions serve what is routed to stable, or to the canary, of 100 percent. */
export function servedShares(
  served: ServedDeployment,
  versionOf: VersionOf,
  functions: Functions = new Map(),
): ExpectedShare[] {
  const qualified = qualifiedTargets(served);
  if (qualified.length === 0)
    return [{ version: joined(Object.values(served.ownVariables), versionOf), percent: 100 }];
  const [target, ...others] = qualified.map((one) => targetShares(one, versionOf, functions));
  const isOne = others.every((other) => JSON.stringify(other) === JSON.stringify(target));
  if (target !== undefined && isOne) return target;
  // Functions that share their calls each in its own way: which route is called decides.
  return [{ version: joined(qualified.map(qualifiedName), versionOf), percent: 100 }];
}

/** The aliases and versions that the deployment's integrations name. */
export function qualifiedTargets({ definition, variables }: ServedDeployment): InvocationTarget[] {
  const targets = definition.routes.flatMap(({ integration }) =>
    integration.type === "lambda" ? [targetOf(integration.uri, variables)] : [],
  );
  const qualified = targets.filter(
    (one): one is InvocationTarget => "functionName" in one && one.qualifier !== undefined,
  );
  return [...new Map(qualified.map((one) => [qualifiedName(one), one])).values()];
}

/** The versions that a call of an alias may go to. */
export function targetShares(
  target: InvocationTarget,
  versionOf: VersionOf,
  functions: Functions,
): ExpectedShare[] {
  const { functionName, qualifier = "$LATEST" } = target;
  const lambda = functions.get(functionName);
  const alias = lambda?.aliases.get(qualifier);
  if (alias !== undefined) {
    return sharesOf(alias).map(({ version, weight }) => ({
      version: versionOf(functionName, version),
      percent: rounded(weight * 100),
    }));
  }
  const isThere = lambda?.versions.has(qualifier) === true;
  return [{ version: versionOf(functionName, isThere ? qualifier : undefined), percent: 100 }];
}

function joined(functionNames: readonly string[], versionOf: VersionOf): string {
  return [...new Set(functionNames.map((name) => versionOf(name)))].join("+");
}

function scaled(shares: readonly ExpectedShare[], percent: number): ExpectedShare[] {
  return shares.map((share) => ({ ...share, percent: (share.percent * percent) / 100 }));
}

/** Without what floating point leaves beyond the 6 decimals that a percent has. */
function rounded(percent: number): number {
  return Number(percent.toFixed(6));
}
