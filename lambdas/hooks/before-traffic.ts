import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { hook } from "lambda-release/hooks";

/** Before the new version gets any traffic: it must answer `GET /`, as API Gateway would ask it. */
export const handler = hook(async ({ functionName, targetVersion }) => {
  const { FunctionError: failure, Payload: payload } = await new LambdaClient({}).send(
    new InvokeCommand({
      FunctionName: functionName,
      Qualifier: targetVersion,
      Payload: JSON.stringify(getRequest("/")),
    }),
  );
  const answer = new TextDecoder().decode(payload);
  if (failure !== undefined) throw new Error(`version ${targetVersion} fails: ${answer}`);
  const status = statusOf(JSON.parse(answer));
  if (!(status >= 200 && status < 300))
    throw new Error(`version ${targetVersion} must answer GET / with a status of 2xx, and answers ${answer}`);
});

/** As API Gateway reads it: an answer without a status is a 200, and one that is no object is none. */
function statusOf(answer: unknown): number {
  if (answer === null || typeof answer !== "object") return Number.NaN;
  return Number("statusCode" in answer ? answer.statusCode : 200);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
function getRequest(path: string): APIGatewayProxyEvent {
  const time = new Date();
  return {
    resource: path,
    path,
    httpMethod: "GET",
    headers: { accept: "*/*", "user-agent": "before-traffic" },
    multiValueHeaders: { accept: ["*/*"], "user-agent": ["before-traffic"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: "",
      apiId: "before-traffic",
      authorizer: null,
      protocol: "HTTP/1.1",
      httpMethod: "GET",
      identity: {
        sourceIp: "127.0.0.1",
        userAgent: "before-traffic",
      } as APIGatewayProxyEvent["requestContext"]["identity"],
      path,
      stage: "before-traffic",
      requestId: "before-traffic",
      requestTime: time.toUTCString(),
      requestTimeEpoch: time.getTime(),
      resourceId: "before-traffic",
      resourcePath: path,
    },
    body: null,
    isBase64Encoded: false,
  };
}
