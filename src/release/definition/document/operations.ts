import { pathProblem } from "../../checks/routes";
import type { FieldPath } from "../../problem";
import type { Route } from "../definition";
import { methodsByKey } from "../openapi-methods";
import { type Answer, answerOf, integrationKey, type Reader } from "./integrations";
import { checkOwnIntegration } from "./own-integration";
import { resolved } from "./references";
import { asObject, given, isObject, type Json, type Report } from "./report";
import { schemaOf } from "./schemas";
import { securityOf } from "./security";

const validatorKey = "x-amazon-apigateway-request-validator";

/** What API Gateway has no notion of: what to do in its place. */
const refused: Readonly<Record<string, string>> = {
  $ref: "must not be given for a path: API Gateway does not follow it",
  trace: "must not be given: API Gateway has no method TRACE",
  servers: "must not be given here: API Gateway ignores it",
  callbacks: "must not be given: API Gateway ignores it",
};

/** What else a path may have. */
const besideMethods = ["parameters", "summary", "description"];

export interface Operations {
  /** A route for each operation. */
  readonly routes: readonly Route[];
  /** The document's `paths`, as API Gateway gets them. */
  readonly paths: Json;
  /** Names of the security schemes that they use. */
  readonly schemes: ReadonlySet<string>;
}

/** Every operation of a document, as a route and as API Gateway gets it. */
export function operationsOf(document: Json, reader: Reader, report: Report): Operations {
  const routes: Route[] = [];
  const schemes = new Set<string>();
  const known = asObject(asObject(document["components"])["securitySchemes"]);
  /** The variable that stands below a path: API Gateway allows one. */
  const variables = new Map<string, string>();

  const operation = (
    value: Json,
    method: Route["method"],
    path: string,
    shared: Parameters,
    field: FieldPath,
  ) => {
    for (const [key, message] of Object.entries(refused))
      if (Object.hasOwn(value, key)) report([...field, key], message);
    const security = securityOf(value, known, field, report);
    for (const name of security.schemes) schemes.add(name);
    const answer = answerOf(value, reader, field, report);
    if (answer !== undefined) {
      const { timeoutSeconds } = answer;
      const name = "function" in answer ? answer.function : undefined;
      routes.push({
        method,
        path,
        function: name,
        authorization: security.authorization,
        apiKey: security.hasKey,
        timeoutSeconds,
        ...("stream" in answer && { stream: answer.stream }),
      });
    }
    const merged = mergedParameters(document, shared, value["parameters"], field, report);
    const parameters = [...merged.values()];
    const responses = responsesOf(document, value["responses"], answer);
    if (answer !== undefined && "integration" in answer) {
      const { integration } = answer;
      const declared = { parameters: merged.keys(), responses };
      checkOwnIntegration(integration, declared, [...field, integrationKey], report);
    }
    const validator = validatorOf(document, value, field, report);
    return given({
      parameters: parameters.length > 0 ? parameters : undefined,
      requestBody: validator?.checksBody ? bodyOf(document, value["requestBody"], field, report) : undefined,
      responses,
      ...security.fields,
      [validatorKey]: validator?.name,
      [integrationKey]: answer !== undefined && "integration" in answer ? answer.integration : undefined,
    });
  };

  const paths = Object.entries(asObject(document["paths"])).filter(([path]) => !path.startsWith("x-"));
  const items = paths.map(([path, value]): [string, Json] => {
    const field: FieldPath = ["paths", path];
    const problem = pathProblem(path, variables);
    if (problem !== undefined) report(field, problem, path);
    const item = asObject(value);
    for (const key of Object.keys(item))
      if (!Object.hasOwn(methodsByKey, key) && !besideMethods.includes(key) && !key.startsWith("x-"))
        report(
          [...field, key],
          (Object.hasOwn(refused, key) ? refused[key] : undefined) ??
            "must not be given: OpenAPI 3.0 has no such method or field",
        );
    const shared = mergedParameters(document, new Map(), item["parameters"], field, report);
    const own = Object.entries(item).flatMap(([key, one]): [string, Json][] => {
      const method = Object.hasOwn(methodsByKey, key) ? methodsByKey[key] : undefined;
      if (method === undefined) return [];
      return [[key, operation(asObject(one), method, path, shared, [...field, key])]];
    });
    if (own.length === 0) report(field, "must have an operation");
    return [path, Object.fromEntries(own)];
  });
  if (items.length === 0) report(["paths"], "must have at least one path");
  return { routes, paths: Object.fromEntries(items), schemes };
}

/** By where they stand and their name. */
type Parameters = ReadonlyMap<string, Json>;

/** API Gateway reads of a parameter its name, where it stands, and whether it is required. */
function mergedParameters(
  document: Json,
  shared: Parameters,
  value: unknown,
  field: FieldPath,
  report: Report,
): Parameters {
  const merged = new Map(shared);
  for (const [index, one] of (Array.isArray(value) ? value : []).entries()) {
    const place = [...field, "parameters", index];
    const parameter = resolved(document, one);
    // A reference that leads nowhere was told as that.
    if (parameter === undefined) continue;
    const { name, in: where, required } = asObject(parameter);
    if (typeof name !== "string" || typeof where !== "string") {
      report(place, "must be a parameter with 'name' and 'in'");
    } else if (!["path", "query", "header"].includes(where)) {
      report([...place, "in"], "must be path, query or header: API Gateway ignores any other", where);
    } else {
      const schema = { type: "string" };
      merged.set(
        `${where} ${name}`,
        given({ name, in: where, required: required === true || undefined, schema }),
      );
    }
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The validator of an operation: its own, or that of the document. */
function validatorOf(document: Json, operation: Json, field: FieldPath, report: Report) {
  const validators = asObject(document["x-amazon-apigateway-request-validators"]);
  const name = operation[validatorKey] ?? document[validatorKey];
  if (name === undefined) return undefined;
  const place = operation[validatorKey] === undefined ? [validatorKey] : [...field, validatorKey];
  if (typeof name !== "string" || !Object.hasOwn(validators, name)) {
    report(place, "must be one of 'x-amazon-apigateway-request-validators'", name);
    return undefined;
  }
  return { name, checksBody: asObject(validators[name])["validateRequestBody"] === true };
}

function bodyOf(document: Json, value: unknown, field: FieldPath, report: Report): Json | undefined {
  const body = resolved(document, value);
  if (!isObject(body)) return undefined;
  const content = Object.entries(asObject(body["content"])).map(([type, one]) => {
    const place = [...field, "requestBody", "content", type, "schema"];
    return [type, given({ schema: schemaOf(asObject(one)["schema"], place, report) })];
  });
  return given({ required: body["required"] === true || undefined, content: Object.fromEntries(content) });
}

/**
 * A function's answer is passed on whatever is declared. Another integration sets headers that its method response
 * declares.
 */
function responsesOf(document: Json, value: unknown, answer: Answer | undefined): Json {
  if (answer === undefined || "function" in answer) return {};
  const known = Object.entries(asObject(value)).filter(([status]) => /^[1-5]\d\d$/.test(status));
  return Object.fromEntries(
    known.map(([status, one]) => {
      const headers = Object.keys(asObject(asObject(resolved(document, one))["headers"])).sort();
      const declared = headers.map((name) => [name, { schema: { type: "string" } }]);
      return [
        status,
        given({
          description: status,
          headers: headers.length > 0 ? Object.fromEntries(declared) : undefined,
        }),
      ];
    }),
  );
}
