import type { FunctionVersion } from "./function";

/**
 * What a function's process has, of this machine's nothing but the path:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 *
 * @param folder where the function's code stands
 */
export function environmentOf(lambda: FunctionVersion, folder: string): Record<string, string> {
  const { functionName, version, region, memoryMb, handler, runtime, environment } = lambda;
  return {
    ...environment,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: folder,
    LANG: "en_US.UTF-8",
    PATH: process.env["PATH"] ?? "",
    TZ: environment["TZ"] ?? ":UTC",
    _HANDLER: handler,
  };
}
