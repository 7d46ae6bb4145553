import { plainPath } from "../release/definition/route-match";
import type { Route } from "./api-gateway/definition";
import { targetOf } from "./api-gateway/integration-target";
import type { Api } from "./api-gateway/stage";
import type { Caller } from "./caller";
import type { InvocationTarget } from "./lambda/lambda-service";

/**
 * A route of the first stage that a caller can request as it is.
 *
 * @param canRun whether this machine can run what an integration names. @default - it can run all
 * @throws where there is none
 */
export function openPathOf(
  { stages }: Api,
  { claims, userArn }: Caller = {},
  canRun: (target: InvocationTarget) => boolean = () => true,
): string {
  const { definition, variables = {} } = stages[0]?.stable ?? {};
  const isRun = ({ uri }: { readonly uri: string }) => {
    const target = targetOf(uri, variables);
    return !("functionName" in target) || canRun(target);
  };
  const isOpen = (authorization: Route["authorization"]) =>
    authorization === undefined ||
    (authorization === "cognito" && claims !== undefined) ||
    (authorization === "AWS_IAM" && userArn !== undefined);
  const path = plainPath(
    definition?.routes ?? [],
    ({ integration, authorization, needsKey }) =>
      integration.type === "lambda" && !needsKey && isOpen(authorization) && isRun(integration),
  );
  if (path === undefined) {
    throw new Error("no GET route without variables is open to everybody: name a path with --path");
  }
  return path;
}
