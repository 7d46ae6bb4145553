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
  ) {
    super(message);
  }

  /**
   * @param service as IAM abbreviates it: `lambda`
   * @param operation the call: `UpdateAlias`
   */
  static of(error: unknown, service: string, operation: string): AwsError {
    if (error instanceof AwsError) return error;
    const thrown = partsOf(error);
    const said = thrown.message.replace(/\s*[\r\n]+\s*/g, " ").trim();
    return new AwsError(thrown.code, lineOf(thrown, said, service, operation), isPassing(thrown));
  }
}

interface Thrown {
  readonly code: string;
  readonly message: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  readonly attempts: number;
}

function partsOf(error: unknown): Thrown {
  const {
    name = "Error",
    code,
    message,
    errors,
    $metadata,
    $response,
  } = error as {
    name?: string;
    code?: string;
    message?: string;
    errors?: readonly Error[];
    $metadata?: { httpStatusCode?: number; attempts?: number };
    $response?: { statusCode?: number };
  };
  return {
    // The errors of the network have a code of the system, and all the same name.
    code: name === "Error" || name === "AggregateError" || name === "TypeError" ? (code ?? name) : name,
    message: message || errors?.[0]?.message || String(code ?? name),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    attempts: $metadata?.attempts ?? 1,
  };
}

function lineOf(
  { code, status, attempts }: Thrown,
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
    return `AWS itself fails at ${call} (${status}), ${attempts} times in a row: ${said}`;
  if (code === "SyntaxError") return `the answer to ${call} is not AWS's: is AWS_ENDPOINT_URL right?`;
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
