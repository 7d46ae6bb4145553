import type { ServiceError } from "./fault";

/** Settings of an AWS client for an endpoint that takes any credentials, as those on this machine do. */
export function localSettings(endpoint: string, region: string) {
  // The SDK's warning about the Node version is not part of a rehearsal.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  return {
    endpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    // A virtual clock does not know of the pauses between two attempts.
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      // A connection that is kept may close just as it is used again, and there is no second attempt.
      httpAgent: { keepAlive: false },
    },
    // An AWS profile may ask for both. The SDK refuses FIPS with an endpoint that is given.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}

/**
 * Makes an error of a deployment out of what an AWS client throws.
 *
 * @param service as messages name it
 * @param noAnswer the code of the error where the service does not answer
 */
export function refusalsOf(
  Refusal: new (code: string, message: string) => ServiceError,
  service: string,
  noAnswer: string,
): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    // Only what the service answers has a fault.
    if ("$fault" in error) throw new Refusal(error.name, error.message);
    throw new Refusal(noAnswer, `${service} does not answer: ${error.message || error.code}`);
  };
}
