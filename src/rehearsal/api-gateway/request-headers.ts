import type { IncomingMessage } from "node:http";
import type { Trace } from "./trace";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const dropped = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  // It replaces the method.
  "x-http-method-override",
]);

/** Names that API Gateway writes in its own way. Every other name stays as the caller writes it. */
const ownNames = new Map(
  [
    "Authorization",
    "Host",
    "User-Agent",
    "X-Amzn-Trace-Id",
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
  ].map((name) => [name.toLowerCase(), name]),
);

/** The headers of a request or an answer, by their names as they were written. */
export function writtenHeaders({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}

/** The headers that a function gets: the caller's, without those that API Gateway drops, and what it adds. */
export function functionHeaders(request: IncomingMessage, trace: Trace): Record<string, string[]> {
  const headers = new Map<string, string[]>();
  const { rawHeaders, socket } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [given = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (dropped.has(given.toLowerCase()) || isSignature(given, value)) continue;
    const name = ownNames.get(given.toLowerCase()) ?? given;
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  const hops = [...(headers.get("X-Forwarded-For") ?? []), socket.remoteAddress ?? "127.0.0.1"];
  return Object.fromEntries([
    ...headers,
    ["X-Amzn-Trace-Id", [trace.forFunction]],
    ["X-Forwarded-For", [hops.join(", ")]],
    ["X-Forwarded-Port", [String(socket.localPort)]],
    ["X-Forwarded-Proto", ["http"]],
  ]);
}

/** A signature of AWS's version 4 is for API Gateway alone. */
function isSignature(name: string, value: string): boolean {
  return name.toLowerCase() === "authorization" && value.startsWith("AWS4-");
}

/** What else API Gateway does not pass to the address of an `http_proxy`; a mapping may still give it. */
const notForAddresses = ["host", "content-encoding", "via"];

/** What no mapping may set. */
const ownAlone = ["content-length", "transfer-encoding", "x-amzn-trace-id", "x-amzn-apigateway-api-id"];

/** What an HTTP integration adds to its call. */
interface AddressHeaders {
  /** Whether the caller's headers are passed on. */
  readonly isProxy: boolean;
  readonly hasBody: boolean;
  /** By their names; they take the place of the caller's. */
  readonly mapped: readonly (readonly [string, string])[];
}

/**
 * The headers that the address of an HTTP integration gets, by their names.
 *
 * @returns or why API Gateway does not call it
 */
export function endpointHeaders(
  { request, trace, apiId }: { request: IncomingMessage; trace: Trace; apiId: string },
  { isProxy, hasBody, mapped }: AddressHeaders,
): ReadonlyMap<string, readonly string[]> | { readonly reason: string } {
  const refused = mapped.find(([name]) => ownAlone.includes(name.toLowerCase()));
  if (refused !== undefined) return { reason: `a request parameter must not set the header ${refused[0]}` };
  const passed = isProxy ? Object.entries(functionHeaders(request, trace)) : [];
  const headers = new Map<string, readonly string[]>(
    passed.filter(([name]) => !notForAddresses.includes(name.toLowerCase())),
  );
  const has = (wanted: string) =>
    [...headers.keys()].find((name) => name.toLowerCase() === wanted.toLowerCase());
  const set = (name: string, value: string) => {
    headers.delete(has(name) ?? name);
    headers.set(name, [value]);
  };
  for (const [name, value] of mapped) set(name, value);
  const contentType = request.headers["content-type"];
  const defaults = {
    Accept: "application/json",
    "User-Agent": `AmazonAPIGateway_${apiId}`,
    ...(hasBody && contentType !== undefined && { "Content-Type": contentType }),
  };
  for (const [name, value] of Object.entries(defaults))
    if (has(name) === undefined) headers.set(name, [value]);
  set("X-Amzn-Trace-Id", trace.forFunction);
  set("X-Amzn-Apigateway-Api-Id", apiId);
  return headers;
}
