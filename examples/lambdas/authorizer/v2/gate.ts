import { createHmac, timingSafeEqual } from "node:crypto";
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from "aws-lambda";

/** Callers who still send their key. */
const customers: Readonly<Record<string, string>> = { "key-of-ada": "ada", "key-of-bob": "bob" };

/** Callers who send `<name>.<signature>`. A real service reads the key from Secrets Manager. */
const signingKey = "only an example";

export async function handler({
  authorizationToken,
  methodArn,
}: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const customer = customers[authorizationToken] ?? signer(authorizationToken);
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

function signer(token: string): string | undefined {
  const [name = "", signature = ""] = token.split(".");
  const expected = createHmac("sha256", signingKey).update(name).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected) ? name : undefined;
}
