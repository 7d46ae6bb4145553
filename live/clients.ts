import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../release/environment";
import { AwsError } from "./aws-error";

/** Where an environment is. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/** The clients of one environment's account and region. */
export interface Aws extends Account {
  readonly apiGateway: APIGatewayClient;
  readonly lambda: LambdaClient;
}

/** In an emergency an answer that does not come is told after half a minute: the SDK itself would wait for ever. */
export const clientSettings = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 7_000, throwOnRequestTimeout: true },
  retryMode: "standard",
  maxAttempts: 4,
};

// It runs on Node 20; the SDK would tell with every command that its later versions will not.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/**
 * Looks who the credentials are before anything else is asked.
 *
 * @throws {AwsError} where there are none, or they are those of an account that the environment does not allow
 */
export async function signIn(environment: Environment): Promise<Account> {
  const { region, allowedAccountIds, name } = environment;
  const sts = tellingErrors(new STSClient({ ...clientSettings, region }), "sts");
  const { Account: accountId = "" } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  if (allowedAccountIds !== undefined && !allowedAccountIds.includes(accountId)) {
    const allowed = allowedAccountIds.join(", ");
    throw new AwsError(
      "ForeignAccount",
      `the credentials are those of account ${accountId}, and ${name} allows ${allowed}`,
    );
  }
  return { accountId, region };
}

/** @throws {AwsError} as `signIn` does */
export async function connect(environment: Environment): Promise<Aws> {
  const account = await signIn(environment);
  const { region } = account;
  return {
    ...account,
    apiGateway: tellingErrors(new APIGatewayClient({ ...clientSettings, region }), "apigateway"),
    lambda: tellingErrors(new LambdaClient({ ...clientSettings, region }), "lambda"),
  };
}

export function disconnect({ apiGateway, lambda }: Aws): void {
  apiGateway.destroy();
  lambda.destroy();
}

/** Has a client throw errors of one clear line, wherever it is used. */
export function tellingErrors<C extends Pick<STSClient, "destroy">>(client: C, service: string): C {
  (client as unknown as STSClient).middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw AwsError.of(error, service, String(commandName).replace(/Command$/, ""));
        }
      },
    { step: "initialize", priority: "high", name: "tellingErrors" },
  );
  return client;
}
