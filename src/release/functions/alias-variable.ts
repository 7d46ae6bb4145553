import { stageVariableOf } from "../definition/stage-variable";
import type { ReleaseFunction } from "../version";

/** Names the alias of the function that is named as the service: the integrations name the function themselves. */
const ofService = "alias";

/** The stage variable that names an alias of a function. */
export function aliasVariableOf(service: string, name: string): string {
  return name === service ? ofService : stageVariableOf(name);
}

/** Whether a stage variable holds the name of an alias alone, and not that of its function too. */
export function holdsAliasAlone(variable: string): boolean {
  return variable === ofService;
}

/** What a stage variable says of an alias: `live`, or with its function `shop-dev-admin:live`. */
export function aliasInVariable(
  { aliasVariable, awsName }: Pick<ReleaseFunction, "aliasVariable" | "awsName">,
  alias: string,
): string {
  return holdsAliasAlone(aliasVariable) ? alias : `${awsName}:${alias}`;
}

/** The function and the alias that a stage variable names. @returns nothing where it is an alias of no such function */
export function aliasedFunction<F extends Pick<ReleaseFunction, "aliasVariable" | "awsName">>(
  functions: readonly F[],
  named: string,
): { readonly lambda: F; readonly alias: string } | undefined {
  const [alias = "", awsName] = named.split(":").reverse();
  const lambda = functions.find((one) =>
    awsName === undefined ? holdsAliasAlone(one.aliasVariable) : one.awsName === awsName,
  );
  return lambda && { lambda, alias };
}
