import { plainPath } from "../release/route-match";
import type { Api } from "./api-gateway/stage";

/** A route of the first stage that can be requested as it is. @throws where there is none */
export function openPathOf({ stages }: Api): string {
  const path = plainPath(
    stages[0]?.stable.definition.routes ?? [],
    ({ integration, authorization, needsKey }) =>
      integration.type === "lambda" && authorization === undefined && !needsKey,
  );
  if (path === undefined) {
    throw new Error("no GET route without variables is open to everybody: name a path with --path");
  }
  return path;
}
