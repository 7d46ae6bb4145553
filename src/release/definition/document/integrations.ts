import type { FieldPath } from "../../problem";
import type { Definition } from "../definition";
import { mostStreamedSeconds } from "../streaming";
import { asObject, isObject, type Json, type Report } from "./report";

/** What answers an operation: a function of the service, or what the document says. */
export type Answer =
  | { readonly function: string; readonly timeoutSeconds: number; readonly stream?: true }
  | { readonly integration: Json; readonly timeoutSeconds: number };

/** Names the function of the service that answers an operation. */
export const functionKey = "x-lambda-release-function";

export const integrationKey = "x-amazon-apigateway-integration";

const modeKey = "responseTransferMode";

/** The types whose integration is the document's own. */
const ownTypes = ["mock", "http", "http_proxy", "aws"];

/** How long API Gateway waits at least, in ms. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const leastTimeout = 50;
/** And where nothing is given. */
const defaultTimeout = 29_000;

/** What a document is read for. */
export interface Reader {
  /** Those of the service. */
  readonly functions: readonly string[];
  /** How long API Gateway waits at most, in ms. */
  readonly integrationTimeoutMs: number;
  /** Names of the stages that the API gets. @default - they are not known */
  readonly stages?: readonly string[];
  /** What the API answers to browsers beside the document. @default - nothing */
  readonly cors?: Definition["cors"];
}

/** @returns nothing where it cannot be told what answers */
export function answerOf(
  operation: Json,
  { functions, integrationTimeoutMs }: Reader,
  field: FieldPath,
  report: Report,
): Answer | undefined {
  const given = operation[integrationKey];
  const place = [...field, integrationKey];
  const integration = asObject(given);
  if (given !== undefined && !isObject(given)) report(place, "must be an object", given);
  const stream = isStreamed(integration, place, report);
  const mostMs = stream ? mostStreamedSeconds * 1000 : integrationTimeoutMs;
  const timeoutSeconds = secondsOf(integration, mostMs, place, report);
  const type = String(integration["type"] ?? "aws_proxy").toLowerCase();
  const isFunction = type === "aws_proxy" || String(integration["uri"]).includes(":lambda:path/");
  if (!isFunction) {
    if (!ownTypes.includes(type)) {
      report(
        [...place, "type"],
        `must be one of ${["aws_proxy", ...ownTypes].join(", ")}`,
        integration["type"],
      );
      return undefined;
    }
    if (operation[functionKey] !== undefined)
      report([...field, functionKey], `must not be given beside an integration of type ${type}`);
    if (stream && type !== "http_proxy")
      report(
        [...place, modeKey],
        "must be BUFFERED: API Gateway streams answers of aws_proxy and http_proxy alone",
        "STREAM",
      );
    return { integration, timeoutSeconds };
  }
  for (const [key, value] of Object.entries(integration)) {
    if (!ofFunctions.includes(key) && !isPassedOver(key, value))
      report(
        [...place, key],
        `must not be given: the project writes the integration of a function, whose version a release changes; '${functionKey}' names the function`,
      );
  }
  const name = functionOf(operation, functions, field, report);
  return name === undefined ? undefined : { function: name, timeoutSeconds, ...(stream && { stream }) };
}

const ofFunctions = ["type", "httpMethod", "timeoutInMillis", "passthroughBehavior", modeKey];

/** What an export of API Gateway has of a function, and what changes nothing of its answers. */
function isPassedOver(key: string, value: unknown): boolean {
  return key === "responses" || (key === "contentHandling" && value === "CONVERT_TO_TEXT");
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
function isStreamed(integration: Json, place: FieldPath, report: Report): boolean {
  const mode = integration[modeKey];
  if (mode !== undefined && mode !== "BUFFERED" && mode !== "STREAM")
    report([...place, modeKey], "must be BUFFERED or STREAM", mode);
  return mode === "STREAM";
}

/** The function of the service that an operation or an authorizer names, or the only one. */
export function functionOf(
  operation: Json,
  functions: readonly string[],
  field: FieldPath,
  report: Report,
): string | undefined {
  const name = operation[functionKey];
  const [only] = functions;
  if (name === undefined && functions.length === 1) return only;
  if (name === undefined) {
    report(field, `must name its function: '${functionKey}' with one of ${functions.join(", ")}`);
    return undefined;
  }
  if (typeof name === "string" && functions.includes(name)) return name;
  report([...field, functionKey], `must be a function of the service (${functions.join(", ")})`, name);
  return undefined;
}

function secondsOf({ timeoutInMillis }: Json, most: number, place: FieldPath, report: Report): number {
  if (timeoutInMillis === undefined) return defaultTimeout / 1000;
  if (
    Number.isInteger(timeoutInMillis) &&
    Number(timeoutInMillis) >= leastTimeout &&
    Number(timeoutInMillis) <= most
  )
    return Number(timeoutInMillis) / 1000;
  report(
    [...place, "timeoutInMillis"],
    `must be a whole number of milliseconds between ${leastTimeout} and ${most}`,
    timeoutInMillis,
  );
  return defaultTimeout / 1000;
}
