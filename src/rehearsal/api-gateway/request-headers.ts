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
