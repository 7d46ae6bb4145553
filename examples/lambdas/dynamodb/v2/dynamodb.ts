import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const table = "orders";
const client = new DynamoDBClient();

/** Reads an order, and counts how often it was read. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const id = event.pathParameters?.id ?? "";
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { id: { S: id } },
      UpdateExpression: "ADD #reads :one",
      ConditionExpression: "attribute_exists(id)",
      ExpressionAttributeNames: { "#reads": "reads" },
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    }),
  );
  const { total, reads } = Attributes ?? {};
  return { statusCode: 200, body: JSON.stringify({ id, total: Number(total?.N), reads: Number(reads?.N) }) };
}
