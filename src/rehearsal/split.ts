import { matchRoute } from "../release/definition/route-match";
import type { ExpectedShare } from "../traffic/report";
import { qualifiedName, targetOf } from "./api-gateway/integration-target";
import type { ServedDeployment, Stage } from "./api-gateway/stage";
import { sharesOf } from "./lambda/alias";
import type { LambdaFunction } from "./lambda/function";
import type { InvocationTarget } from "./lambda/lambda-service";

/** The name in AWS of each function, or of its alias or number, by version and function: the stack's output `functions`. */
export type FunctionsOutput = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Functions by their names, as they are after an apply. */
export type Functions = ReadonlyMap<string, LambdaFunction>;

/**
 * Names the version of a function.
 *
 * @param functionVersion the one that ran. @default - `$LATEST`
 * @param qualifier the alias or number by which it was called. @default - its name alone
 */
export type VersionOf = (functionName: string, functionVersion?: string, qualifier?: string) => string;

/** A request that some of a deployment's functions answer. */
export interface AnsweredRequest {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
}

/**
 * Names the version of a function: as the output does, or by the number that Lambda published it with where the
 * output has no other name for it. One that has neither stands for itself, and what several versions have in common for
 * all of them: `1+2`.
 */
export function versionNames(functions: FunctionsOutput | undefined): VersionOf {
  const versions = new Map<string, string>();
  const ofSeveral = new Set<string>();
  const qualified = new Map<string, string[]>();
  for (const [version, names] of Object.entries(functions ?? {})) {
    for (const name of typeof names === "object" ? Object.values(names) : []) {
      if (name.includes(":")) {
        qualified.set(name, [...(qualified.get(name) ?? []), version]);
        continue;
      }
      if ((versions.get(name) ?? version) !== version) ofSeveral.add(name);
      versions.set(name, version);
    }
  }
  return (functionName, functionVersion = "$LATEST", qualifier = functionVersion) => {
    const served =
      qualified.get(`${functionName}:${qualifier}`) ?? qualified.get(`${functionName}:${functionVersion}`);
    if (served !== undefined) return served.join("+");
    const named = versions.get(functionName) ?? functionName;
    if (functionVersion === "$LATEST") return named;
    const isNamed = versions.has(functionName) && !ofSeveral.has(functionName) && !/^\d+$/.test(named);
    return isNamed ? named : functionVersion;
  };
}

/**
 * Who should serve what of a stage: stable, and after it the canary. Where one goes by aliases, its share is that of
 * the stage times that of the alias.
 *
 * @param request by whose route the functions are told. @default - all functions
 */
export function expectedShares(
  { stable, canary }: Stage,
  versionOf: VersionOf,
  functions: Functions = new Map(),
  request?: AnsweredRequest,
): ExpectedShare[] {
  const percent = canary?.percent ?? 0;
  const sharesOfSide = (served: ServedDeployment) => servedShares(served, versionOf, functions, request);
  const shares = [
    ...scaled(sharesOfSide(stable), 100 - percent),
    ...(canary === undefined ? [] : scaled(sharesOfSide(canary.served), percent)),
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
  request?: AnsweredRequest,
): ExpectedShare[] {
  const qualified = qualifiedTargets(served, request);
  // Where no function answers the request, none of the versions can be told from the others.
  if (qualified.length === 0 && request !== undefined) {
    const versions = servedShares(served, versionOf, functions).map(({ version }) => version);
    return [{ version: versions.join("+"), percent: 100 }];
  }
  if (qualified.length === 0)
    return [{ version: joined(Object.values(served.ownVariables), versionOf), percent: 100 }];
  const all = qualified.map((one) => targetShares(one, versionOf, functions));
  const [most = []] = all.toSorted((a, b) => b.length - a.length);
  if (all.every((other) => fits(other, most))) return most;
  // Functions that share their calls each in its own way: which route is called decides.
  const names = qualified.map(({ functionName, qualifier }) => versionOf(functionName, undefined, qualifier));
  return [{ version: [...new Set(names)].join("+"), percent: 100 }];
}

/** Whether a function shares its calls as another one does, or has in one what the versions have in common. */
function fits(shares: readonly ExpectedShare[], others: readonly ExpectedShare[]): boolean {
  if (JSON.stringify(shares) === JSON.stringify(others)) return true;
  const [only, ...more] = shares;
  if (only === undefined || more.length > 0) return false;
  const versions = only.version.split("+");
  return others.every(({ version }) => versions.includes(version));
}

/** The aliases and versions that the deployment's integrations name. */
export function qualifiedTargets(
  { definition, variables }: ServedDeployment,
  request?: AnsweredRequest,
): InvocationTarget[] {
  const { routes } = definition;
  const match = request && matchRoute(routes, request.method, request.path);
  const targets = (match === undefined ? routes : [match.route]).flatMap(({ integration }) =>
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
      version: versionOf(functionName, version, qualifier),
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
