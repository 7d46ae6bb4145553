import type { ValidateFunction } from "ajv";
import { badRequest, type GatewayAnswer } from "./gateway-response";

/** What a validator looks at. */
export interface ValidatedRequest {
  /** As they were sent: API Gateway tells upper from lower case in names that it looks for. */
  readonly headerNames: readonly string[];
  readonly contentType?: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Checks a request before anything answers it. @returns what API Gateway answers, with status 400 */
export type RequestValidator = (request: ValidatedRequest) => GatewayAnswer | undefined;

type Json = Readonly<Record<string, unknown>>;

/**
 * The request validator that an operation names.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 *
 * @returns nothing where it names none
 */
export function requestValidator(operation: Json, document: Json): RequestValidator | undefined {
  const name = operation["x-amazon-apigateway-request-validator"];
  if (name === undefined) return undefined;
  const validators = (document["x-amazon-apigateway-request-validators"] ?? {}) as Record<string, Json>;
  const { validateRequestBody, validateRequestParameters } = validators[String(name)] ?? {};
  const missing = validateRequestParameters === true ? missingParameters(operation) : () => [];
  const faultOf = validateRequestBody === true ? bodyCheck(operation, document) : () => undefined;
  return (request) => {
    const names = missing(request);
    if (names.length > 0) {
      const message = `Missing required request parameters: [${names.join(", ")}]`;
      return badRequest("BAD_REQUEST_PARAMETERS", message, message);
    }
    const fault = faultOf(request);
    return fault === undefined ? undefined : badRequest("BAD_REQUEST_BODY", "Invalid request body", fault);
  };
}

/** A parameter of the path is never missing: without it the route would be another. */
function missingParameters(operation: Json): (request: ValidatedRequest) => string[] {
  const required = ((operation["parameters"] ?? []) as Json[]).filter((one) => one["required"] === true);
  const named = (where: string) =>
    required.filter((one) => one["in"] === where).map((one) => String(one["name"]));
  const [headers, query] = [named("header"), named("query")];
  return (request) => [
    ...headers.filter((name) => !request.headerNames.includes(name)),
    ...query.filter((name) => !request.query.has(name)),
  ];
}

/**
 * A body of a type that the operation has no model for is not checked; one that is empty counts as `{}`.
 *
 * @returns what is wrong with a body, in other words than API Gateway's
 */
function bodyCheck(operation: Json, document: Json): (request: ValidatedRequest) => string | undefined {
  const content = ((operation["requestBody"] as Json | undefined)?.["content"] ?? {}) as Record<string, Json>;
  const checks = new Map<unknown, ValidateFunction>();
  const checkOf = (schema: unknown) => {
    const known = checks.get(schema) ?? compiled(schema, document);
    checks.set(schema, known);
    return known;
  };
  return ({ contentType = "application/json", body }) => {
    const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
    const schema = (content[type] ?? content["$default"])?.["schema"];
    if (schema === undefined) return undefined;
    const check = checkOf(schema);
    try {
      if (check(JSON.parse(body.length === 0 ? "{}" : body.toString("utf8")))) return undefined;
    } catch {
      return "the body is not JSON";
    }
    return (check.errors ?? [])
      .map(({ instancePath, message }) => `${instancePath} ${message}`.trim())
      .join(", ");
  };
}

/** Models are JSON schema of draft 4. Formats of text are not checked: which ones API Gateway knows is not told. */
function compiled(schema: unknown, { components }: Json): ValidateFunction {
  const { default: Ajv } = require("ajv-draft-04") as typeof import("ajv-draft-04");
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
  return ajv.compile({ components, allOf: [schema] });
}
