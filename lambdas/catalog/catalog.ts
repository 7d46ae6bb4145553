import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";

const products = ["tea", "coffee", "cocoa"];

export async function handler(
  _event: APIGatewayProxyEvent,
  { functionVersion }: Context,
): Promise<APIGatewayProxyResult> {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json", "x-version": functionVersion },
    body: JSON.stringify({ products }),
  };
}
