import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";

const shippingCents = 495;

export async function handler(
  _event: APIGatewayProxyEvent,
  { functionVersion }: Context,
): Promise<APIGatewayProxyResult> {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json", "x-version": functionVersion },
    body: JSON.stringify({ shippingCents }),
  };
}
