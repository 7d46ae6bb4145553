import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

// Once for each execution environment, before the first request.
const file = await readFile(join(import.meta.dirname, "prices.json"), "utf8");
const prices: Readonly<Record<string, number>> = JSON.parse(file);

export async function handler({ pathParameters }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const currency = pathParameters?.currency ?? "";
  const price = prices[currency];
  return price === undefined
    ? { statusCode: 404, body: JSON.stringify({ error: `there is no price in ${currency}` }) }
    : { statusCode: 200, body: JSON.stringify({ currency, price }) };
}
