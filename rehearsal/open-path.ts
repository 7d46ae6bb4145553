import type { Api } from "./api-gateway/stage";

/** A route of the first stage that can be requested as it is. @throws where there is none */
export function openPathOf({ stages }: Api): string {
  const resources = stages[0]?.stable.definition.resources ?? [];
  const open = resources.find(({ path, methods }) => {
    const method = methods.get("GET") ?? methods.get("ANY");
    return !path.includes("{") && method?.integration.type === "lambda" && method.authorization === undefined;
  });
  if (open === undefined) {
    throw new Error("no GET route without variables is open to everybody: name one by --path");
  }
  return open.path;
}
