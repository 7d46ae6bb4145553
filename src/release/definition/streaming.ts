/**
 * Answers that API Gateway sends on while a function writes them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */

/** How long such an answer may take in all, whatever the quota of other answers is. */
export const mostStreamedSeconds = 900;

/** @param uri the address by which API Gateway invokes a function and waits for all of its answer */
export function streamingUri(uri: string): string {
  return uri
    .replace(":lambda:path/2015-03-31/", ":lambda:path/2021-11-15/")
    .replace(/\/invocations$/, "/response-streaming-invocations");
}
