import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const table = "orders";
const client = new DynamoDBClient();

export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const id = event.pathParameters?.id ?? "";
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } }));
  if (Item === undefined)
    return { statusCode: 404, body: JSON.stringify({ error: `there is no order ${id}` }) };
  return { statusCode: 200, body: JSON.stringify({ id, total: Number(Item["total"]?.N) }) };
}
