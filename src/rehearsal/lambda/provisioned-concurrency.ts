import type { AppliedState } from "../terraform/applied-state";
import { nameOfFunction } from "../terraform/resource-types";
import type { Alias } from "./alias";

/** What of a function can be named by a qualifier. */
interface Qualified {
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly versions: ReadonlyMap<string, unknown>;
}

/** @throws on what Lambda refuses: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
export function checkProvisionedConcurrency(
  state: AppliedState,
  functions: ReadonlyMap<string, Qualified>,
): void {
  for (const { address, attributes } of state.ofType("aws_lambda_provisioned_concurrency_config")) {
    const lambda = functions.get(nameOfFunction(attributes));
    const qualifier = String(attributes["qualifier"]);
    const alias = lambda?.aliases.get(qualifier);
    const must = `${address}: 'qualifier' must be an alias without weights or a published version`;
    if (alias?.additional !== undefined || alias?.version === "$LATEST") {
      throw new Error(`${must}, got "${qualifier}", ${described(alias.additional?.version)}`);
    }
    const isThere = alias !== undefined || lambda?.versions.has(qualifier) === true;
    if (!isThere || qualifier === "$LATEST") throw new Error(`${must}, got "${qualifier}"`);
  }
}

function described(additional: string | undefined): string {
  return additional === undefined
    ? "an alias of $LATEST"
    : `an alias with a weight for version ${additional}`;
}
