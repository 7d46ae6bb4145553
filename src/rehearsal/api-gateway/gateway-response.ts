import type { HttpResponse } from "./proxy-response";

const internalError = "InternalServerErrorException";

/** Answers that API Gateway gives itself: the status and `x-amzn-ErrorType` of each. */
const errors = {
  Forbidden: [403, "ForbiddenException"],
  "Missing Authentication Token": [403, "MissingAuthenticationTokenException"],
  Unauthorized: [401, "UnauthorizedException"],
  // Which type this one has is not known.
  "Request Too Long": [413, undefined],
  "Too Many Requests": [429, "TooManyRequestsException"],
  "Limit Exceeded": [429, "LimitExceededException"],
  "Endpoint request timed out": [504, internalError],
} as const;

/** What API Gateway itself answers, and why. */
export interface GatewayAnswer {
  readonly response: HttpResponse;
  readonly reason: string;
}

/** What the caller is told. */
export type GatewayMessage = keyof typeof errors;

export function gatewayResponse(message: GatewayMessage): HttpResponse {
  const [statusCode, type] = errors[message];
  return errorResponse(statusCode, "message", message, type);
}

/** What a request validator refuses. @param message what it says */
export function badRequest(message: string): HttpResponse {
  return errorResponse(400, "message", message, "BadRequestException");
}

/** 500 where API Gateway cannot go on by itself, 502 where what the function did is of no use. */
export function internalServerError(statusCode: 500 | 502): HttpResponse {
  return errorResponse(statusCode, "message", "Internal server error", internalError);
}

/** No answer of API Gateway's: in AWS something answers that is not here. */
export function notRehearsed(what: string): HttpResponse {
  return errorResponse(501, "message", `The rehearsal cannot answer this: ${what}`);
}

/** @param message which caller may not do what */
export function accessDenied(message: string): HttpResponse {
  return errorResponse(403, "Message", message, "AccessDeniedException");
}

/** An authorizer's function that fails, or whose answer is none: whatever it is, the caller is told nothing of it. */
export function authorizerError(): HttpResponse {
  return errorResponse(500, "message", null, "AuthorizerConfigurationException");
}

/** @param field what the body calls the message */
function errorResponse(
  statusCode: number,
  field: string,
  message: string | null,
  type?: string,
): HttpResponse {
  // API Gateway writes it with a space in errors from 500 on.
  const space = statusCode >= 500 ? " " : "";
  return {
    statusCode,
    headers: { "content-type": "application/json", ...(type !== undefined && { "x-amzn-errortype": type }) },
    body: `{"${field}":${space}${JSON.stringify(message)}}`,
  };
}
