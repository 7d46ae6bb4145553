import type { FieldPath } from "../../problem";
import { asObject, isObject, type Json, type Report, textOf } from "./report";

/** What of its operation an integration may name. */
export interface Declared {
  /** `path id`, `query limit`, `header X-Tenant`. */
  readonly parameters: Iterable<string>;
  /** As API Gateway gets them: headers by status. */
  readonly responses: Json;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
const known = [
  "cacheKeyParameters",
  "cacheNamespace",
  "connectionId",
  "connectionType",
  "contentHandling",
  "credentials",
  "httpMethod",
  "integrationTarget",
  "passthroughBehavior",
  "payloadFormatVersion",
  "requestParameters",
  "requestTemplates",
  "responseTransferMode",
  "responses",
  "timeoutInMillis",
  "tlsConfig",
  "type",
  "uri",
];

/** In either case, as API Gateway takes them. */
const words: Readonly<Record<string, readonly string[]>> = {
  httpMethod: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"],
  passthroughBehavior: ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"],
  contentHandling: ["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"],
  connectionType: ["INTERNET", "VPC_LINK"],
};

/**
 * What API Gateway refuses of an integration that the document gives itself, or ignores though it would decide an
 * answer.
 */
export function checkOwnIntegration(
  integration: Json,
  declared: Declared,
  place: FieldPath,
  report: Report,
): void {
  const type = textOf(integration["type"]).toLowerCase();
  for (const key of Object.keys(integration))
    if (!known.includes(key) && !key.startsWith("x-"))
      report([...place, key], "must not be given: API Gateway ignores it in an integration");
  for (const [key, allowed] of Object.entries(words)) {
    const value = integration[key];
    if (value !== undefined && !allowed.includes(textOf(value).toUpperCase()))
      report([...place, key], `must be one of ${allowed.join(", ")}`, value);
  }
  if (type !== "mock") checkAddress(integration, type, place, report);
  checkRequestParameters(integration["requestParameters"], declared, [...place, "requestParameters"], report);
  // What another one of these types answers is passed on whatever is mapped.
  if (type !== "http_proxy")
    checkResponses(integration["responses"], declared, [...place, "responses"], report);
}

function checkAddress(integration: Json, type: string, place: FieldPath, report: Report): void {
  const { uri, httpMethod, connectionType, connectionId } = integration as Record<string, unknown>;
  const isAws = type === "aws";
  const isAddress =
    typeof uri === "string" && (isAws ? /^arn:[a-z-]+:apigateway:/ : /^(https?:\/\/.|\$\{)/).test(uri);
  if (!isAddress)
    report(
      [...place, "uri"],
      isAws
        ? "must be the ARN of an action of AWS, such as arn:aws:apigateway:eu-central-1:sqs:path/111122223333/orders; a function of the service has aws_proxy, without it"
        : "must be an address that begins with http:// or https://",
      uri,
    );
  if (httpMethod === undefined)
    report([...place, "httpMethod"], "must be given: API Gateway calls the address by it");
  if (textOf(connectionType).toUpperCase() === "VPC_LINK" && connectionId === undefined)
    report([...place, "connectionId"], "must be given with VPC_LINK: the id of the link");
}

const locations: Readonly<Record<string, string>> = { header: "header", querystring: "query", path: "path" };

function checkRequestParameters(
  value: unknown,
  { parameters }: Declared,
  place: FieldPath,
  report: Report,
): void {
  const names = new Set([...parameters].map((one) => one.toLowerCase()));
  for (const [key, source] of Object.entries(asObject(value))) {
    const field = [...place, key];
    if (!/^integration\.request\.(header|querystring|path)\../.test(key))
      report(field, "must be a name such as integration.request.header.X-Tenant, .querystring or .path", key);
    if (typeof source !== "string") continue;
    const [, from = "", name = ""] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(source) ?? [];
    if (from !== "" && !names.has(`${locations[from]} ${name}`.toLowerCase()))
      report(
        field,
        `must name a parameter of the operation: API Gateway refuses one that 'parameters' does not declare in ${locations[from]}`,
        source,
      );
    else if (
      !isSource(
        source,
        /^method\.request\.(header|querystring|path|multivalueheader|multivaluequerystring|body)\b/,
      )
    )
      report(
        field,
        "must be 'text' in single quotes, or begin with method.request., context. or stageVariables.",
        source,
      );
  }
}

function isSource(source: string, own: RegExp): boolean {
  return own.test(source) || /^'[\s\S]*'$|^(context|stageVariables)\../.test(source);
}

function checkResponses(value: unknown, { responses }: Declared, place: FieldPath, report: Report): void {
  for (const [pattern, given] of Object.entries(asObject(value))) {
    const field = [...place, pattern];
    const { statusCode, responseParameters } = asObject(given) as Record<string, unknown>;
    for (const key of Object.keys(asObject(given)))
      if (!["statusCode", "responseParameters", "responseTemplates", "contentHandling"].includes(key))
        report([...field, key], "must not be given: API Gateway ignores it in an integration response");
    const status = textOf(statusCode);
    if (!/^[1-5]\d\d$/.test(status)) {
      report([...field, "statusCode"], "must be a status between 100 and 599", statusCode);
      continue;
    }
    if (!Object.hasOwn(responses, status)) {
      report(
        [...field, "statusCode"],
        `must be a status that 'responses' of the operation has: API Gateway refuses any other`,
        statusCode,
      );
      continue;
    }
    const headers = asObject(asObject(responses[status])["headers"]);
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    for (const [key, source] of Object.entries(isObject(responseParameters) ? responseParameters : {})) {
      const [, name = ""] = /^method\.response\.header\.(.+)$/.exec(key) ?? [];
      const parameter = [...field, "responseParameters", key];
      if (!names.includes(name.toLowerCase()))
        report(
          parameter,
          `must be method.response.header.<name>, with a name in 'headers' of the operation's response ${status}: API Gateway refuses any other`,
          key,
        );
      if (
        typeof source !== "string" ||
        !isSource(source, /^integration\.response\.(header|multivalueheader|body)\b/)
      )
        report(
          parameter,
          "must be 'text' in single quotes, or begin with integration.response., context. or stageVariables.",
          source,
        );
    }
  }
}
