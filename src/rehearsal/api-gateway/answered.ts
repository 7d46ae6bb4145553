import { broken, failure, type GatewayAnswer } from "./gateway-response";
import type { Integration } from "./integration";
import type { HttpResponse } from "./proxy-response";
import type { StreamedAnswer } from "./streamed-answer";
import type { Scope } from "./template";
import type { Trace } from "./trace";

/** What a request is answered with, and by whom. */
export interface Answered extends Pick<GatewayAnswer, "response" | "error"> {
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly qualifier?: string;
  /** The address that an HTTP integration called. @default - none did */
  readonly called?: string;
  readonly reason?: string;
  /** Of an answer that is still being written: why it broke off, once it has ended. */
  readonly ended?: Promise<string | undefined>;
}

export function mockResponse(
  { statusCode, headers, body, template, origins = [] }: Integration & { type: "mock" },
  origin: string | undefined,
  scope: Scope,
): HttpResponse {
  const isKnown = origin !== undefined && origins.includes(origin);
  const own = isKnown ? { ...headers, "Access-Control-Allow-Origin": origin } : headers;
  return { statusCode, headers: own, body: template?.(scope) ?? body };
}

export function withTrace(response: HttpResponse, trace: string): HttpResponse {
  return { ...response, headers: { ...response.headers, "x-amzn-trace-id": trace } };
}

export function timedOut(reason: string, trace: Trace): Answered {
  const answer = failure("INTEGRATION_TIMEOUT", reason);
  return { ...answer, response: withTrace(answer.response, trace.forFunction) };
}

export function functionFailed(reason: string): Answered {
  return broken(502, "INTEGRATION_FAILURE", reason);
}

/** API Gateway logs it as a "configuration error". */
export function malformed(statusCode: 500 | 502, reason: string): Answered {
  return broken(statusCode, "API_CONFIGURATION_ERROR", reason);
}

export function streamed(answer: StreamedAnswer, name: string, trace: Trace): Answered {
  if ("fault" in answer) {
    const reason = `${name}: ${answer.fault}`;
    if (answer.statusCode === 504) return timedOut(reason, trace);
    return answer.statusCode === 502 ? functionFailed(reason) : malformed(500, reason);
  }
  const ended = answer.ended.then((why) => why && `${name}: the answer broke off: ${why}`);
  return { response: withTrace(answer.response, trace.forCaller), ended };
}
