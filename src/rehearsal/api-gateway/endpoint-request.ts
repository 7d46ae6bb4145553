import { isBinary } from "./binary-media-types";
import type { HttpIntegration, RequestParameter } from "./http-integration";
import type { Received } from "./received";
import { endpointHeaders } from "./request-headers";
import type { Scope } from "./template";

/** What an HTTP integration sends to its address. */
export interface EndpointRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** @default - none is sent */
  readonly body?: Buffer | string;
}

/** What it is made of. */
export interface EndpointInput extends Received {
  readonly body: Buffer;
  readonly apiId: string;
  readonly binaryMediaTypes: readonly string[];
  /** With the headers by their names as the caller wrote them: a mapping takes no other. */
  readonly scope: Scope;
}

/** Why a call is not made: 415 where no template takes the body, otherwise the integration is at fault. */
export interface NotCalled {
  readonly statusCode: 415 | 500;
  readonly reason: string;
}

/** Methods that API Gateway sends without a body. */
const bodiless = ["GET", "HEAD", "OPTIONS"];

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function endpointRequest(
  integration: HttpIntegration,
  input: EndpointInput,
): EndpointRequest | NotCalled {
  const { scope, httpMethod } = input;
  const mapped = integration.parameters
    .map(({ value, ...where }) => ({ ...where, value: value(scope) }))
    .filter(({ value }) => value !== "");
  const url = urlOf(integration, mapped, input);
  if ("reason" in url) return url;
  const method = integration.method ?? httpMethod;
  const headers = endpointHeaders(input, {
    isProxy: integration.isProxy,
    hasBody: !bodiless.includes(method),
    mapped: mapped.filter(({ place }) => place === "header").map(({ name, value }) => [name, value]),
  });
  if ("reason" in headers) return { statusCode: 500, reason: headers.reason };
  if (bodiless.includes(method)) return { method, url, headers };
  const body = bodyFor(integration, input);
  return typeof body === "object" && "reason" in body ? body : { method, url, headers, body };
}

type Mapped = Omit<RequestParameter, "value"> & { readonly value: string };

function urlOf(
  { uri, isProxy }: HttpIntegration,
  mapped: readonly Mapped[],
  { scope, target }: EndpointInput,
): URL | NotCalled {
  const missing: string[] = [];
  const path = new Map(mapped.filter(({ place }) => place === "path").map((one) => [one.name, one.value]));
  const filled = uri
    .replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => {
      if (scope.stageVariables[name] === undefined) missing.push(`the stage has no variable ${name}`);
      return scope.stageVariables[name] ?? "";
    })
    .replace(/\{([^{}]+)\}/g, (whole, name: string) => {
      if (!path.has(name)) missing.push(`no request parameter gives ${whole} of ${uri}`);
      return path.get(name) ?? "";
    });
  const [reason] = missing;
  if (reason !== undefined) return { statusCode: 500, reason };
  if (!URL.canParse(filled) || !/^https?:$/.test(new URL(filled).protocol))
    return { statusCode: 500, reason: `Invalid endpoint address: ${filled}` };
  const url = new URL(filled);
  const query = [
    ...(isProxy ? target.query : []),
    ...mapped.filter(({ place }) => place === "querystring").map(({ name, value }) => [name, value]),
  ].map((pair) => pair.map((part) => encodeURIComponent(String(part))).join("="));
  url.search = [url.search.slice(1), ...query].filter((part) => part !== "").join("&");
  return url;
}

function bodyFor(
  { isProxy, requestTemplates, passthrough }: HttpIntegration,
  { request, body, binaryMediaTypes, scope }: EndpointInput,
): Buffer | string | NotCalled {
  const type = request.headers["content-type"] ?? "application/json";
  const text = isBinary(type, binaryMediaTypes) ? body : body.toString("utf8");
  if (isProxy) return text;
  const template = requestTemplates.get(type) ?? requestTemplates.get("$default");
  if (template === undefined) {
    const isRefused =
      passthrough === "NEVER" || (passthrough === "WHEN_NO_TEMPLATES" && requestTemplates.size > 0);
    return isRefused ? { statusCode: 415, reason: `no request template takes ${type}` } : text;
  }
  return template(scope, body.toString("utf8"));
}
