import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const version = "v1";

/** Every operation of the document: `resource` is its path as it stands there. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { httpMethod, resource, pathParameters, body } = event;
  const answer = { version, operation: `${httpMethod} ${resource}`, ...pathParameters };
  return {
    statusCode: httpMethod === "POST" ? 201 : 200,
    body: JSON.stringify({ ...answer, ...JSON.parse(body ?? "{}") }),
  };
}
