import type { FunctionVersion } from "./function";

/**
 * Lambda gives a function the credentials of its role. These are nobody's, so AWS refuses a call that reaches it, and
 * no SDK takes those that it finds in the home folder of who rehearses.
 */
const nobodysCredentials = {
  AWS_ACCESS_KEY_ID: "rehearsal",
  AWS_SECRET_ACCESS_KEY: "rehearsal",
  AWS_SESSION_TOKEN: "rehearsal",
} as const;

/** Where this machine says that AWS services answer, such as a local DynamoDB: `AWS_ENDPOINT_URL_DYNAMODB`. */
function localEndpoints(): Record<string, string> {
  const endpoints = Object.entries(process.env).filter(([name]) => /^AWS_ENDPOINT_URL(_|$)/.test(name));
  return Object.fromEntries(endpoints) as Record<string, string>;
}

/**
 * What a function's process has, of this machine's nothing but the path and the addresses of local AWS services:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 *
 * @param folder where the function's code stands
 */
export function environmentOf(lambda: FunctionVersion, folder: string): Record<string, string> {
  const { functionName, version, region, memoryMb, handler, runtime, environment, logging } = lambda;
  return {
    ...nobodysCredentials,
    ...localEndpoints(),
    // The Node of this machine is no news of the handler: Lambda has its own.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...environment,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_REGION: region,
    AWS_LAMBDA_LOG_FORMAT: logging?.format ?? "Text",
    ...(logging?.level !== undefined && { AWS_LAMBDA_LOG_LEVEL: logging.level }),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    // The X-Ray SDKs throw without the first, and need the second: nobody listens there.
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
    LAMBDA_RUNTIME_DIR: __dirname,
    LAMBDA_TASK_ROOT: folder,
    LANG: "en_US.UTF-8",
    PATH: process.env["PATH"] ?? "",
    TZ: environment["TZ"] ?? ":UTC",
    _HANDLER: handler,
  };
}
