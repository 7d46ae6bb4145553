import { isThrottlingError, isTransientError } from "@smithy/core/retry";

/**
 * Why the same call may well be answered later. AWS refuses it for now, as when it throttles; or the answer is lost,
 * and AWS may have done what it was asked.
 */
export type Passing = "refused" | "lost";

/** What AWS, or the way there, answers instead of what it was asked for: one line that says what to do about it. */
export class AwsError extends Error {
  /**
   * @param code AWS's own name of the error, such as `NotFoundException`
   * @param passing @default - the same call would be answered in the same way
   */
  constructor(
    readonly code: string,
    message: string,
    readonly passing?: Passing,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Something else answers where AWS should: a sign-in page of a network, a proxy. */
  static foreign(call: string, cause?: unknown): AwsError {
    const message = `the answer to ${call} is not AWS's: does a proxy or a sign-in page answer, or is AWS_ENDPOINT_URL wrong?`;
    return new AwsError("ForeignAnswer", message, undefined, { cause });
  }

  /**
   * @param service as IAM abbreviates it: `lambda`
   * @param operation the call: `UpdateAlias`
   */
  static of(error: unknown, service: string, operation: string): AwsError {
    if (error instanceof AwsError) return error;
    const thrown = partsOf(error);
    const { status = 0, isAnswerUnread } = thrown;
    if (isAnswerUnread && status < 500) return AwsError.foreign(`${service}:${operation}`, error);
    const said = thrown.message.replace(/\s+/g, " ").trim();
    const line = lineOf(thrown, said, service, operation);
    return new AwsError(thrown.code, line, thrown.passing, { cause: error });
  }
}

/** Credentials that have expired: the same call is answered once they are renewed, as by a login beside. */
export function isOfExpiredCredentials(code: string): boolean {
  return /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(code);
}

interface Thrown {
  readonly code: string;
  readonly message: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  readonly attempts: number;
  readonly isThrottled: boolean;
  readonly passing?: Passing;
  /** Whether there was an answer that the SDK cannot read: its own message says what its parser stumbled over. */
  readonly isAnswerUnread: boolean;
}

function partsOf(error: unknown): Thrown {
  const {
    name = "Error",
    code,
    message,
    errors,
    $metadata,
    $response,
    $fault,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    errors?: readonly Error[];
    $metadata?: { httpStatusCode?: number; attempts?: number };
    $response?: { statusCode?: number };
    $fault?: string;
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  return {
    // The errors of the network have a code of the system, and all the same name.
    code: name === "Error" || name === "AggregateError" || name === "TypeError" ? (code ?? name) : name,
    message: message || errors?.[0]?.message || String(code ?? name),
    status,
    attempts: $metadata?.attempts ?? 1,
    isThrottled: isThrottlingError(error as SdkError),
    passing: passingOf(error as SdkError, status),
    isAnswerUnread: $response !== undefined && $fault === undefined,
  };
}

function lineOf(
  { code, status, attempts, isThrottled, isAnswerUnread }: Thrown,
  said: string,
  service: string,
  operation: string,
): string {
  const call = `${service}:${operation}`;
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(code))
    return `there are no AWS credentials: ${said}`;
  if (isOfExpiredCredentials(code)) return `the AWS credentials have expired: ${said}`;
  if (
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature)$/.test(
      code,
    )
  )
    return `AWS does not accept the credentials: ${said}`;
  if (/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(code) || status === 403)
    return `access denied for ${actionOf(service, operation)}: ${said}`;
  if (isThrottled) return `AWS throttles ${call}, ${attempts} times in a row: try again in a minute`;
  if (code === "TimeoutError") return `AWS does not answer ${call}, ${attempts} times in a row`;
  if (isOfNetwork(code, status)) return `AWS cannot be reached for ${call}: ${said}`;
  if (status !== undefined && status >= 500)
    return `AWS itself fails at ${call} (${status}), ${attempts} times in a row${isAnswerUnread ? "" : `: ${said}`}`;
  return `${call}: ${code}: ${said}`;
}

/** The IAM action that allows a call: API Gateway's are named after HTTP. */
function actionOf(service: string, operation: string): string {
  if (service !== "apigateway") return `${service}:${operation}`;
  return operation.startsWith("Get") ? "apigateway:GET" : "apigateway:PATCH";
}

function isOfNetwork(code: string, status: number | undefined): boolean {
  return status === undefined && /^(E[A-Z_]+|.*CERT.*)$/.test(code);
}

type SdkError = Parameters<typeof isTransientError>[0];

/** An error that the SDK itself tries again passes. An answer below 500 is a refusal, and nothing is done. */
function passingOf(error: SdkError, status = 0): Passing | undefined {
  if (isThrottlingError(error)) return "refused";
  if (!isTransientError(error) && status < 500) return undefined;
  return status > 0 && status < 500 ? "refused" : "lost";
}
