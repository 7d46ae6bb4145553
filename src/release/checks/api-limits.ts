import { awsLimits, raisedBy } from "../aws/aws-limits";
import { type ImportedApi, isCognito } from "../definition/definition";
import { openApiDocument } from "../definition/openapi";
import { schemeName } from "../definition/security-schemes";
import { definitionInFile, functionNames } from "../functions/service-functions";
import { type ReleaseContext, routeField } from "../release-context";
import type { Finding } from "./finding";

/** What an API may have at most. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export function checkApiLimits(context: ReleaseContext): Finding[] {
  return [...resources(context), ...authorizers(context), ...definitionSize(context), ...variables(context)];
}

/** API Gateway counts the root, and each part of a path, which is a resource whether it has a method or not. */
function resources(context: ReleaseContext): Finding[] {
  const paths = new Set(definitionInFile(context).routes.flatMap(({ path }) => pathsAbove(path)));
  const most = context.environment.quotas.apiResources;
  if (paths.size < most) return [];
  const message = `must make at most ${most} resources: the root, each path, and each path above it${raisedBy("apiResources")}`;
  return [{ field: routeField(context), message, value: paths.size + 1 }];
}

/** `/a/b` gives `a` and `a/b`. */
function pathsAbove(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** One for each set of user pools, named after them, and each Lambda authorizer. */
function authorizers({ file, environment, imported }: ReleaseContext): Finding[] {
  const findings: Finding[] = [];
  if (imported !== undefined) return authorizersOfDocument(imported, environment.quotas.apiAuthorizers);
  const names = new Set<string>(Object.keys(file.api?.authorizers ?? {}));
  const longest = awsLimits.authorizerNameCharacters.most;
  for (const [index, { authorization }] of (file.api?.routes ?? []).entries()) {
    if (!isCognito(authorization)) continue;
    const name = schemeName(authorization);
    if (name.length > longest && !names.has(name)) {
      const message = `must be fewer user pools: their ids name the authorizer, which has at most ${longest} characters`;
      const field = ["api", "routes", index, "authorization", "cognitoUserPoolArns"];
      findings.push({ field, message, value: name });
    }
    names.add(name);
  }
  const most = environment.quotas.apiAuthorizers;
  if (names.size <= most) return findings;
  const message = `must have at most ${most} different lists of user pools and 'api.authorizers' together, because each is an authorizer${raisedBy("apiAuthorizers")}`;
  return [...findings, { field: ["api", "routes"], message, value: names.size }];
}

function authorizersOfDocument({ authorizers, document }: ImportedApi, most: number): Finding[] {
  const { securitySchemes = {} } = (document["components"] ?? {}) as { securitySchemes?: object };
  const others = Object.values(securitySchemes).filter((one) => "x-amazon-apigateway-authorizer" in one);
  const count = Object.keys(authorizers).length + others.length;
  if (count <= most) return [];
  const message = `must use at most ${most} security schemes that are authorizers${raisedBy("apiAuthorizers")}`;
  return [{ field: ["api", "openapi"], message, value: count }];
}

function definitionSize(context: ReleaseContext): Finding[] {
  const { most } = awsLimits.apiDefinitionBytes;
  const uri = (variable: string) => `${"x".repeat(200)}${variable}`;
  const document = openApiDocument(definitionInFile(context), context.service, uri);
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= most) return [];
  return [{ field: ["api"], message: `must be at most ${most} bytes as OpenAPI`, value: bytes }];
}

/** Where each version has functions of its own, a stage names them in its variables. */
function variables(context: ReleaseContext): Finding[] {
  const { most } = awsLimits.stageVariables;
  const { length } = functionNames(context);
  if (length <= most) return [];
  const message = `must be at most ${most}, because a stage has a variable for each`;
  return [{ field: ["functions"], message, value: length }];
}
