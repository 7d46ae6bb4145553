import { selectionPattern } from "./selection-pattern";
import { type BodyTemplate, bodyTemplateOf, parameterValue, type Scope, type Template } from "./template";

type Json = Readonly<Record<string, unknown>>;

/** An integration that calls an address: `http_proxy` passes a request through, `http` maps it. */
export interface HttpIntegration {
  readonly type: "http";
  readonly isProxy: boolean;
  /** @default - the request's own */
  readonly method?: string;
  /** With `${stageVariables.name}` and `{path}` in it. */
  readonly uri: string;
  readonly timeoutMs: number;
  /** What of a request goes where in the call. */
  readonly parameters: readonly RequestParameter[];
  /** Bodies of an `http` integration, by content type. */
  readonly requestTemplates: ReadonlyMap<string, BodyTemplate>;
  readonly passthrough: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
  /** What an `http` integration makes of a status; the last one may be the default. */
  readonly responses: readonly IntegrationResponse[];
}

export interface RequestParameter {
  readonly place: "header" | "querystring" | "path";
  readonly name: string;
  readonly value: Template;
}

export interface IntegrationResponse {
  /** The statuses that it answers. @default - those that no other answers */
  readonly pattern?: RegExp;
  readonly statusCode: number;
  /** By their names, out of the endpoint's answer. */
  readonly headers: readonly (readonly [string, AnswerValue])[];
  /** By content type. */
  readonly templates: ReadonlyMap<string, BodyTemplate>;
}

/** A header's value. @param headers of the endpoint's answer, by their names as they were sent */
export type AnswerValue = (scope: Scope, headers: ReadonlyMap<string, readonly string[]>) => string;

/** What says how AWS reaches an address, and nothing of one that stands in for it. */
const ofTheWay = ["tlsConfig", "integrationTarget"];

/** What is read. The cache is of no stage here, and a certificate is checked in any case. */
const known = [
  "type",
  "httpMethod",
  "uri",
  "requestParameters",
  "requestTemplates",
  "responses",
  "passthroughBehavior",
  "timeoutInMillis",
  "connectionType",
  "connectionId",
  "responseTransferMode",
  "cacheNamespace",
  "cacheKeyParameters",
];

class Unknown extends Error {}

/**
 * An integration of type `http` or `http_proxy`, where the rehearsal can call it as API Gateway does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 *
 * @param isReplaced whether another address stands in for its own
 * @returns or why it cannot
 */
export function parseHttp(integration: Json, isReplaced = false): HttpIntegration | { readonly why: string } {
  try {
    return httpOf(integration, isReplaced);
  } catch (error) {
    if (error instanceof Unknown) return { why: error.message };
    throw error;
  }
}

function httpOf(integration: Json, isReplaced: boolean): HttpIntegration {
  const isProxy = String(integration["type"]).toLowerCase() === "http_proxy";
  const connection = integration["connectionType"] ?? "INTERNET";
  if (connection !== "INTERNET" && !isReplaced)
    throw new Unknown("through a VPC link, which is in AWS alone,");
  if ((integration["responseTransferMode"] ?? "BUFFERED") !== "BUFFERED")
    throw new Unknown("that streams its answer");
  const other = Object.keys(integration).find(
    (key) => !known.includes(key) && !(isReplaced && ofTheWay.includes(key)),
  );
  if (other !== undefined) throw new Unknown(`with '${other}'`);
  const uri = String(integration["uri"]);
  if (!/^(https?:\/\/|\$\{stageVariables\.)/i.test(uri)) throw new Unknown(`with the address ${uri}`);
  const method = String(integration["httpMethod"] ?? "ANY").toUpperCase();
  return {
    type: "http",
    isProxy,
    ...(method !== "ANY" && { method }),
    uri,
    timeoutMs: Number(integration["timeoutInMillis"] ?? 29_000),
    parameters: textsOf(integration["requestParameters"]).map(requestParameter),
    requestTemplates: templatesOf(isProxy ? {} : integration["requestTemplates"], "request"),
    passthrough: passthroughOf(integration["passthroughBehavior"]),
    responses: isProxy ? [] : responsesOf(integration["responses"]),
  };
}

function textsOf(given: unknown): [string, string][] {
  return Object.entries((given ?? {}) as Record<string, string>);
}

function passthroughOf(given: unknown): HttpIntegration["passthrough"] {
  const text = String(given ?? "WHEN_NO_MATCH").toUpperCase();
  return text === "NEVER" || text === "WHEN_NO_TEMPLATES" ? text : "WHEN_NO_MATCH";
}

function requestParameter([to, from]: [string, string]): RequestParameter {
  const [, place, name = ""] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(to) ?? [];
  const value = requestValue(from);
  if (place === undefined || value === undefined)
    throw new Unknown(`with the request parameter '${to}: ${from}'`);
  return { place: place as RequestParameter["place"], name, value };
}

/** A header is known by its name as the caller writes it. What an authorizer says is told to integrations alone. */
function requestValue(from: string): Template | undefined {
  const [, header] = /^method\.request\.header\.(.+)$/.exec(from) ?? [];
  if (header !== undefined) return ({ writtenHeaders }) => writtenHeaders.get(header)?.at(-1) ?? "";
  const [, ofAuthorizer] = /^context\.(authorizer\..+)$/.exec(from) ?? [];
  if (ofAuthorizer !== undefined) return ({ context }) => String(context[ofAuthorizer] ?? "");
  return parameterValue(from);
}

function templatesOf(given: unknown, kind: "request" | "response"): ReadonlyMap<string, BodyTemplate> {
  return new Map(
    textsOf(given).map(([type, text]) => {
      const template = bodyTemplateOf(text);
      if (typeof template === "function") return [type, template];
      throw new Unknown(`with ${template.unknown} in its ${kind} template`);
    }),
  );
}

/** The default stands last: it answers what no pattern does. */
function responsesOf(given: unknown): IntegrationResponse[] {
  const entries = Object.entries((given ?? {}) as Record<string, Json>);
  const ordered = [...entries].sort(([a], [b]) => Number(a === "default") - Number(b === "default"));
  return ordered.map(([pattern, response]) => {
    if (response["contentHandling"] !== undefined) throw new Unknown("with 'contentHandling' in a response");
    const chosen = selectionPattern(pattern);
    if (chosen === undefined) throw new Unknown(`with the response pattern '${pattern}'`);
    return {
      ...(pattern !== "default" && { pattern: chosen }),
      statusCode: Number(response["statusCode"] ?? 200),
      headers: textsOf(response["responseParameters"]).map(responseHeader),
      templates: templatesOf(response["responseTemplates"], "response"),
    };
  });
}

const headerPrefix = "method.response.header.";

function responseHeader([to, from]: [string, string]): readonly [string, AnswerValue] {
  const value = answerValue(from);
  if (!to.startsWith(headerPrefix) || value === undefined)
    throw new Unknown(`with the response parameter '${to}: ${from}'`);
  return [to.slice(headerPrefix.length), value];
}

function answerValue(from: string): AnswerValue | undefined {
  const [, many, name = ""] = /^integration\.response\.(multivalue)?header\.(.+)$/.exec(from) ?? [];
  if (name !== "") {
    return (_, headers) => {
      const values = headers.get(name) ?? [];
      return many === undefined ? (values.at(-1) ?? "") : values.join(",");
    };
  }
  return from.startsWith("method.request.") ? undefined : parameterValue(from);
}
