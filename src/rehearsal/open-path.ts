import { plainPath } from "../release/definition/route-match";
import type { Route } from "./api-gateway/definition";
import type { Api } from "./api-gateway/stage";
import type { Caller } from "./caller";

/** A route of the first stage that a caller can request as it is. @throws where there is none */
export function openPathOf({ stages }: Api, { claims, userArn }: Caller = {}): string {
  const isOpen = (authorization: Route["authorization"]) =>
    authorization === undefined ||
    (authorization === "cognito" && claims !== undefined) ||
    (authorization === "AWS_IAM" && userArn !== undefined);
  const path = plainPath(
    stages[0]?.stable.definition.routes ?? [],
    ({ integration, authorization, needsKey }) =>
      integration.type === "lambda" && !needsKey && isOpen(authorization),
  );
  if (path === undefined) {
    throw new Error("no GET route without variables is open to everybody: name a path with --path");
  }
  return path;
}
