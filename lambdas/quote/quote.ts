import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";

const quotes = ["Release early, release often.", "Make it work, make it right, make it fast."];

export async function handler(
  _event: APIGatewayProxyEvent,
  { functionVersion }: Context,
): Promise<APIGatewayProxyResult> {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json", "x-version": functionVersion },
    body: JSON.stringify({ quote: quotes[Math.floor(Math.random() * quotes.length)] }),
  };
}
