/** What AWS, or the way there, answers instead of what it was asked for: one line that says what to do about it. */
export class AwsError extends Error {
  /**
   * @param code AWS's own name of the error, such as `NotFoundException`
   * @param isPassing whether the same call may well be answered later, as when AWS throttles or is not reached
   */
  constructor(
    readonly code: string,
    message: string,
    readonly isPassing = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether AWS may have done what it was asked, and the answer was lost. */
  get isLost(): boolean {
    return this.isPassing && !isThrottled(this.code, undefined);
  }

  /** Something else answers where AWS should: a sign-in page of a network, a proxy. */
  static foreign(call: string, cause?: unknown): AwsError {
    const message = `the answer to ${call} is not AWS's: does a proxy or a sign-in page answer, or is AWS_ENDPOINT_URL wrong?`;
    return new AwsError("ForeignAnswer", message, false, { cause });
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
    return new AwsError(thrown.code, line, isPassing(thrown), { cause: error });
  }
}

interface Thrown {
  readonly code: string;
  readonly message: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  readonly attempts: number;
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
  return {
    // The errors of the network have a code of the system, and all the same name.
    code: name === "Error" || name === "AggregateError" || name === "TypeError" ? (code ?? name) : name,
    message: message || errors?.[0]?.message || String(code ?? name),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    attempts: $metadata?.attempts ?? 1,
    isAnswerUnread: $response !== undefined && $fault === undefined,
  };
}

function lineOf(
  { code, status, attempts, isAnswerUnread }: Thrown,
  said: string,
  service: string,
  operation: string,
): string {
  const call = `${service}:${operation}`;
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(code))
    return `there are no AWS credentials: ${said}`;
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(code))
    return `the AWS credentials have expired: ${said}`;
  if (
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature)$/.test(
      code,
    )
  )
    return `AWS does not accept the credentials: ${said}`;
  if (/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(code) || status === 403)
    return `access denied for ${actionOf(service, operation)}: ${said}`;
  if (isThrottled(code, status))
    return `AWS throttles ${call}, ${attempts} times in a row: try again in a minute`;
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

function isThrottled(code: string, status: number | undefined): boolean {
  return (
    /^(TooManyRequestsException|Throttling|ThrottlingException|RequestLimitExceeded)$/.test(code) ||
    status === 429
  );
}

function isPassing({ code, status }: Thrown): boolean {
  if (isThrottled(code, status) || code === "TimeoutError") return true;
  return isOfNetwork(code, status) ? !code.includes("CERT") : status !== undefined && status >= 500;
}
