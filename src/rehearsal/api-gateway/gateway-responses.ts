import { type GatewayAnswer, type GatewayError, type ResponseType, responseTypes } from "./gateway-response";
import type { HttpResponse } from "./proxy-response";
import { parameterValue, type Scope, type Template, templateOf } from "./template";

/** What a definition makes of API Gateway's own answers, by their types. */
export type GatewayResponses = ReadonlyMap<ResponseType, Customized>;

interface Customized {
  /** @default - that of the type */
  readonly statusCode?: number;
  /** By their names. */
  readonly headers: ReadonlyMap<string, Template>;
  /** @default - API Gateway's own */
  readonly body?: { readonly contentType: string; readonly template: Template };
}

type Json = Readonly<Record<string, unknown>>;

const key = "x-amazon-apigateway-gateway-responses";

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
 *
 * @throws on what the rehearsal does not know
 */
export function parseGatewayResponses(document: Json): GatewayResponses {
  const given = (document[key] ?? {}) as Record<string, Json>;
  const unknown = Object.keys(given).find((type) => !Object.hasOwn(responseTypes, type));
  if (unknown !== undefined)
    throw new Error(`API definition: the rehearsal does not know '${key}.${unknown}'`);
  return new Map(
    Object.entries(given).map(([type, one]) => [type as ResponseType, customized(one, `${key}.${type}`)]),
  );
}

function customized({ statusCode, responseParameters, responseTemplates }: Json, place: string): Customized {
  const parameters = Object.entries((responseParameters ?? {}) as Record<string, string>);
  const templates = Object.entries((responseTemplates ?? {}) as Record<string, string>);
  const [template] = templates;
  if (templates.length > 1) {
    throw new Error(
      `API definition: the rehearsal knows one type of '${place}.responseTemplates', got ${templates.map(([type]) => type).join(", ")}`,
    );
  }
  return {
    statusCode: statusCode === undefined || statusCode === null ? undefined : Number(statusCode),
    headers: new Map(parameters.map(([name, value]) => headerOf(name, value))),
    ...(template && { body: bodyOf(template, `${place}.responseTemplates`) }),
  };
}

const headerPrefix = "gatewayresponse.header.";

function headerOf(name: string, value: string): [string, Template] {
  const read = name.startsWith(headerPrefix) ? parameterValue(value) : undefined;
  if (read === undefined)
    throw new Error(`the rehearsal does not know the response parameter '${name}: ${value}'`);
  return [name.slice(headerPrefix.length).toLowerCase(), read];
}

function bodyOf([contentType, text]: [string, string], place: string): Customized["body"] {
  const template = templateOf(text);
  if (typeof template === "function") return { contentType, template };
  throw new Error(
    `API definition: the rehearsal does not know '${template.unknown}' in '${place}.${contentType}'`,
  );
}

/**
 * An answer of API Gateway's own as a definition has it. A type that the definition does not give is as its
 * DEFAULT_4XX or DEFAULT_5XX says.
 *
 * @param scope what is told of the request, but for the error
 */
export function renderedResponse(
  { response, error }: Pick<GatewayAnswer, "response" | "error">,
  responses: GatewayResponses,
  scope: Scope,
): HttpResponse {
  const own = error && responses.get(error.type);
  const chosen = own ?? fallback(response, responses);
  if (chosen === undefined) return response;
  const told = error === undefined ? scope : withError(scope, error);
  const headers = [...chosen.headers].map(([name, read]) => [name, read(told)] as const);
  const added = Object.fromEntries(headers.filter(([, value]) => value !== ""));
  if (error === undefined) return { ...response, headers: { ...response.headers, ...added } };
  const { statusCode = own === undefined ? undefined : responseTypes[error.type], body } = chosen;
  return {
    statusCode: statusCode ?? response.statusCode,
    headers: { ...response.headers, ...(body && { "content-type": body.contentType }), ...added },
    body: body === undefined ? response.body : body.template(told),
  };
}

function fallback({ statusCode }: HttpResponse, responses: GatewayResponses): Customized | undefined {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  if (statusCode === 413) return undefined;
  return responses.get(statusCode < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
}

function withError(scope: Scope, { type, message, validationError }: GatewayError): Scope {
  const context = {
    ...scope.context,
    "error.message": message,
    "error.messageString": JSON.stringify(message),
    "error.responseType": type,
    "error.validationErrorString": validationError,
  };
  return { ...scope, context };
}
