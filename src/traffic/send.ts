import type { PreparedRequest } from "./prepared-request";
import { type CallResponse, call } from "./traffic";

/** Sends a request once. A redirection is an answer like any other. */
export function send(url: string, { request, headers, body }: PreparedRequest): Promise<CallResponse> {
  return call(`${url.replace(/\/$/, "")}${request.path}`, {
    method: request.method,
    body,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}
