import type { RequestInFile } from "../release/schema";
import { type CallResponse, call } from "./traffic";

/** Sends a request once. A redirection is an answer like any other. */
export function send(url: string, { method, path, body }: RequestInFile): Promise<CallResponse> {
  return call(`${url.replace(/\/$/, "")}${path}`, {
    method,
    body,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}
