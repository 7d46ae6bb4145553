import { checkTerraformMarks } from "../../checks/terraform-text";
import { parseJson } from "../../files/json-document";
import { notThere, type ProjectFiles } from "../../files/project-files";
import { parseYaml } from "../../files/yaml-document";
import type { Problem } from "../../problem";
import type { Authorizer, ImportedApi, Route } from "../definition";
import { checkGatewayResponses } from "./gateway-responses";
import type { Reader } from "./integrations";
import { operationsOf } from "./operations";
import { policyKey, policyOf } from "./policy";
import { checkReferences } from "./references";
import { asObject, given, isObject, type Json, type Report } from "./report";
import { modelsOf } from "./schemas";
import { schemeOf } from "./security";
import { checkShape } from "./shape";

/** More problems of one document say nothing more. */
const mostProblems = 100;

/** What API Gateway takes for the whole API. */
const kept = [
  "x-amazon-apigateway-api-key-source",
  "x-amazon-apigateway-binary-media-types",
  "x-amazon-apigateway-gateway-responses",
  "x-amazon-apigateway-minimum-compression-size",
];

/** What says something to people alone, or was taken account of elsewhere. */
const passedOver = [
  "openapi",
  "info",
  "paths",
  "components",
  "servers",
  "tags",
  "externalDocs",
  "x-amazon-apigateway-documentation",
  policyKey,
  "x-amazon-apigateway-request-validator",
  "x-amazon-apigateway-request-validators",
];

/** What the project says in another place. */
const elsewhere: Readonly<Record<string, string>> = {
  security:
    "must be given in each operation: API Gateway ignores it here, and the operations would be open to everybody",
  "x-amazon-apigateway-endpoint-access-mode":
    "must not be given: set 'api.endpointAccessMode' in environment.json, for the API is that of all versions",
  "x-amazon-apigateway-endpoint-configuration": "must not be given: the stack makes a regional API",
  "x-amazon-apigateway-security-policy":
    "must not be given: set 'api.securityPolicy' in environment.json, for the API is that of all versions",
  swagger: "must not be given: the file must be OpenAPI 3.0",
};

/**
 * Reads the OpenAPI document of a service. What API Gateway refuses on import, or ignores though it would decide an
 * answer, is a problem with line and column.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
 */
export function readOpenApi(
  files: ProjectFiles,
  path: string,
  reader: Reader,
): { readonly api?: ImportedApi; readonly problems: readonly Problem[] } {
  const text = files.read(path);
  if (text === undefined)
    return { problems: [{ file: path, field: [], message: files.trouble?.(path) ?? notThere }] };
  const document = path.endsWith(".json") ? parseJson(path, text) : parseYaml(path, text);
  if (Array.isArray(document)) return { problems: document };
  const problems: Problem[] = [];
  const report: Report = (field, message, value) => {
    problems.push({ file: path, field, message, value });
  };
  const api = importedApi(document.value, reader, report);
  if (problems.length === 0) return { api, problems };
  const first = problems
    .slice(0, mostProblems)
    .map((problem) => ({ ...problem, position: document.position(problem.field) }));
  const more = problems.length - first.length;
  return {
    problems: more > 0 ? [...first, { file: path, field: [], message: `has ${more} more problems` }] : first,
  };
}

function importedApi(value: unknown, reader: Reader, report: Report): ImportedApi | undefined {
  if (!isObject(value)) {
    report([], "must be an OpenAPI document, an object", Array.isArray(value) ? "a list" : value);
    return undefined;
  }
  checkRoot(value, report);
  if (!checkShape(value, report)) return undefined;
  for (const { field, message, value: text } of checkTerraformMarks(value)) report(field, message, text);
  checkReferences(value, report);
  checkGatewayResponses(value, report);
  checkValidators(value, report);
  const { routes, paths, schemes } = operationsOf(value, reader, report);
  const components = asObject(value["components"]);
  const known = asObject(components["securitySchemes"]);
  const securitySchemes: Record<string, unknown> = {};
  const authorizers: Record<string, Authorizer> = {};
  for (const name of [...schemes].sort()) {
    if (!isObject(known[name])) continue;
    const used = schemeOf(name, asObject(known[name]), reader.functions, report);
    if ("authorizer" in used) authorizers[name] = used.authorizer;
    else securitySchemes[name] = used.scheme;
  }
  const schemas = modelsOf(paths, asObject(components["schemas"]), report);
  const used = given({ schemas: filled(schemas), securitySchemes: filled(securitySchemes) });
  const validators = usedValidators(value, paths);
  const document = given({
    paths,
    components: filled(used),
    "x-amazon-apigateway-request-validators": filled(validators),
    ...Object.fromEntries(kept.map((key) => [key, value[key]])),
  });
  checkKeySource(value, routes, report);
  const policy = policyOf(value, routes, report, reader);
  return { routes, document, authorizers, ...(policy && { policy }) };
}

function checkRoot(value: Json, report: Report): void {
  const { openapi } = value;
  if (typeof openapi !== "string" || !/^3\.0\.\d+$/.test(openapi))
    report(["openapi"], "must be 3.0.0 to 3.0.4: API Gateway imports no other OpenAPI 3", openapi);
  for (const [key, one] of Object.entries(value)) {
    if (Object.hasOwn(elsewhere, key)) {
      if (key !== "security" || (Array.isArray(one) && one.length > 0))
        report([key], elsewhere[key] as string);
    } else if (!kept.includes(key) && !passedOver.includes(key)) {
      if (key.startsWith("x-amazon-apigateway-"))
        report([key], "must not be given: API Gateway knows no such extension of a REST API");
      else if (!key.startsWith("x-")) report([key], "must not be given: OpenAPI 3.0 has no such field");
    }
  }
  const types = value["x-amazon-apigateway-binary-media-types"];
  if (types === undefined) return;
  if (!Array.isArray(types) || types.some((one) => typeof one !== "string"))
    report(["x-amazon-apigateway-binary-media-types"], "must be a list of media types", types);
}

/** Where keys come from authorizers, a route without one of Lambda turns everybody away. */
function checkKeySource(document: Json, routes: readonly Route[], report: Report): void {
  const key = "x-amazon-apigateway-api-key-source";
  if (document[key] !== "AUTHORIZER") return;
  const hasAuthorizer = ({ authorization }: Route) =>
    typeof authorization === "object" && "authorizer" in authorization;
  const without = routes.find((route) => route.apiKey && !hasAuthorizer(route));
  if (without !== undefined)
    report(
      [key],
      `must be HEADER, because ${without.method} ${without.path} wants an API key and has no Lambda authorizer that gives one`,
      "AUTHORIZER",
    );
}

/** A word that is misspelt would leave requests unchecked. */
function checkValidators(document: Json, report: Report): void {
  const key = "x-amazon-apigateway-request-validators";
  const known = ["validateRequestBody", "validateRequestParameters"];
  for (const [name, validator] of Object.entries(asObject(document[key])))
    for (const field of Object.keys(asObject(validator)))
      if (!known.includes(field))
        report(
          [key, name, field],
          `must be one of ${known.join(", ")}: API Gateway ignores any other`,
          field,
        );
}

function usedValidators(document: Json, paths: Json): Json {
  const names = new Set(
    Object.values(paths).flatMap((item) =>
      Object.values(asObject(item)).map((one) => asObject(one)["x-amazon-apigateway-request-validator"]),
    ),
  );
  const all = asObject(document["x-amazon-apigateway-request-validators"]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

function filled(value: Json): Json | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}
