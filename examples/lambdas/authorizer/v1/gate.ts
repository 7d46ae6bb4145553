import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from "aws-lambda";

/** Callers send their key. */
const customers: Readonly<Record<string, string>> = { "key-of-ada": "ada", "key-of-bob": "bob" };

export async function handler({
  authorizationToken,
  methodArn,
}: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const customer = customers[authorizationToken];
  // API Gateway answers 401 to this error alone.
  if (customer === undefined) throw new Error("Unauthorized");
  return {
    principalId: customer,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }],
    },
    context: { customer },
  };
}
