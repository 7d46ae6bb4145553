import type { AppliedState } from "../terraform/applied-state";
import { nameOfFunction } from "../terraform/resource-types";
import { matchesWildcard } from "../wildcard";

/** A statement of a function's resource policy. */
export interface Permission {
  readonly action: string;
  readonly principal: string;
  /** The alias or version that may be invoked. @default - the function itself */
  readonly qualifier?: string;
  /** @default - any source */
  readonly sourceArn?: string;
}

export function permissionsOf(state: AppliedState, functionName: string): Permission[] {
  return state
    .ofType("aws_lambda_permission")
    .filter(({ attributes }) => nameOfFunction(attributes) === functionName)
    .map(({ attributes }) => ({
      action: String(attributes["action"]),
      principal: String(attributes["principal"]),
      qualifier: attributes["qualifier"] as string | undefined,
      sourceArn: attributes["source_arn"] as string | undefined,
    }));
}

/** A service of AWS that invokes functions. */
export interface Invoker {
  readonly name: string;
  readonly principal: string;
}

const apiGateway: Invoker = { name: "API Gateway", principal: "apigateway.amazonaws.com" };

/**
 * Why a service may not invoke a function, or an alias or version of it, for this source; `undefined` when it
 * may. Each has statements of its own: those of the function do not count for its alias, nor the other way.
 *
 * @param sourceArn of API Gateway `<execution arn>/<stage>/<METHOD>/<resource path>`
 * @param invoker who invokes it. @default - API Gateway
 */
export function refusal(
  permissions: readonly Permission[],
  functionName: string,
  qualifier: string | undefined,
  sourceArn: string,
  { name, principal }: Invoker = apiGateway,
): string | undefined {
  const invoked = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  const admitting = permissions.filter(
    (one) =>
      one.action === "lambda:InvokeFunction" && one.principal === principal && one.qualifier === qualifier,
  );
  if (admitting.length === 0) return `function ${invoked} has no permission for ${name}`;
  const sources = admitting.map((permission) => permission.sourceArn ?? "*");
  if (sources.some((pattern) => matchesWildcard(pattern, sourceArn))) return undefined;
  return `function ${invoked} admits ${sources.join(" and ")}, not ${sourceArn}`;
}
