import type { HttpResponse } from "./proxy-response";

const internalError = "InternalServerErrorException";

/**
 * Answers that API Gateway gives itself, with the status that a gateway response of the type has where it gives none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const responseTypes = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

export type ResponseType = keyof typeof responseTypes;

/** What a gateway response tells of. */
export interface GatewayError {
  readonly type: ResponseType;
  readonly message: string | null;
  /** What a request validator found. @default - none looked */
  readonly validationError?: string;
}

/** What API Gateway itself answers, and why. */
export interface GatewayAnswer {
  readonly response: HttpResponse;
  readonly reason: string;
  /** @default - no gateway response changes the answer, but for the headers of the defaults */
  readonly error?: GatewayError;
}

/** Those whose answer is always the same: its message and `x-amzn-ErrorType`. */
const fixed = {
  INVALID_API_KEY: ["Forbidden", "ForbiddenException"],
  MISSING_AUTHENTICATION_TOKEN: ["Missing Authentication Token", "MissingAuthenticationTokenException"],
  UNAUTHORIZED: ["Unauthorized", "UnauthorizedException"],
  // Which type this one has is not known.
  REQUEST_TOO_LARGE: ["Request Too Long", undefined],
  THROTTLED: ["Too Many Requests", "TooManyRequestsException"],
  QUOTA_EXCEEDED: ["Limit Exceeded", "LimitExceededException"],
  INTEGRATION_TIMEOUT: ["Endpoint request timed out", internalError],
  INTEGRATION_FAILURE: ["Network error communicating with endpoint", internalError],
  UNSUPPORTED_MEDIA_TYPE: ["Unsupported Media Type", "BadRequestException"],
} as const;

export function failure(type: keyof typeof fixed, reason: string): GatewayAnswer {
  const [message, errorType] = fixed[type];
  return {
    response: errorResponse(responseTypes[type], "message", message, errorType),
    reason,
    error: { type, message },
  };
}

/** A stage that is not there has no gateway responses either. */
export function noStage(stageName: string): GatewayAnswer {
  const { response } = failure("INVALID_API_KEY", "");
  return { response, reason: `there is no stage '${stageName}'` };
}

/** What a request validator refuses. @param message what it says */
export function badRequest(
  type: "BAD_REQUEST_BODY" | "BAD_REQUEST_PARAMETERS",
  message: string,
  validationError: string,
): GatewayAnswer {
  const response = errorResponse(400, "message", message, "BadRequestException");
  return { response, reason: message, error: { type, message, validationError } };
}

/**
 * 500 where API Gateway cannot go on by itself, 502 where what the function did is of no use.
 *
 * @param type AWS does not say of which type a function's fault is. It is known of a call that Lambda refuses.
 */
export function broken(
  statusCode: 500 | 502,
  type: "API_CONFIGURATION_ERROR" | "INTEGRATION_FAILURE",
  reason: string,
): GatewayAnswer {
  const message = "Internal server error";
  return {
    response: errorResponse(statusCode, "message", message, internalError),
    reason,
    error: { type, message },
  };
}

/** A fault of the rehearsal's own. */
export function rehearsalFailed(error: Error): GatewayAnswer {
  const { response } = broken(500, "API_CONFIGURATION_ERROR", "");
  return { response, reason: `the rehearsal failed: ${error.message}` };
}

/** No answer of API Gateway's: in AWS something answers that is not here. */
export function notRehearsed(what: string): GatewayAnswer {
  const response = errorResponse(501, "message", `The rehearsal cannot answer this: ${what}`);
  return { response, reason: what };
}

/** @param message which caller may not do what */
export function accessDenied(message: string, reason: string): GatewayAnswer {
  const response = errorResponse(403, "Message", message, "AccessDeniedException");
  return { response, reason, error: { type: "ACCESS_DENIED", message } };
}

/** An authorizer's function that fails, or whose answer is none: whatever it is, the caller is told nothing of it. */
export function authorizerError(reason: string): GatewayAnswer {
  const response = errorResponse(500, "message", null, "AuthorizerConfigurationException");
  return { response, reason, error: { type: "AUTHORIZER_CONFIGURATION_ERROR", message: null } };
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
