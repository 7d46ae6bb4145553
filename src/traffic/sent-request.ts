import type { RequestHeaders } from "./headers";
import type { PreparedRequest } from "./prepared-request";

/** How a request is sent, wherever it goes. */
export interface Sent {
  /** @default "GET" */
  readonly method?: string;
  /** @default - none */
  readonly headers?: RequestHeaders;
  /** @default - none */
  readonly body?: string | Buffer;
  /** The status that its answers should have. @default - any below 400 */
  readonly status?: number;
}

/** A request that may be sent many times. */
export interface SentRequest extends Sent {
  /** `/` or a path below the stage, with its query. */
  readonly path: string;
}

export function sentRequest({ request, headers, body }: PreparedRequest): SentRequest {
  const { method, path, expect } = request;
  return { method, path, headers, body, status: expect.status };
}

/** `POST /orders` */
export function nameOfRequest({ method = "GET", path }: SentRequest): string {
  return `${method} ${path}`;
}

/** Whether an answer is none that its request should get. @param status none where there was no answer */
export function isFailure({ status: expected }: Sent, status: number | undefined): boolean {
  if (status === undefined) return true;
  return expected === undefined ? status >= 400 : status !== expected;
}
