import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../release/environment/environment";
import { AwsError } from "./aws-error";
import { CallTime, type TimeLimits } from "./call-time";
import { readWholeAnswers } from "./whole-answer";

/** Where an environment is. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Where an environment is, and how long calls to it may take. */
export interface Account extends Place {
  readonly time: CallTime;
  /** How clients reach an AWS on this machine. @default - they reach AWS */
  readonly local?: { readonly endpoint: string; readonly credentials: object };
}

/** The clients of one environment's account and region. */
export interface Aws extends Account {
  readonly apiGateway: APIGatewayClient;
  readonly lambda: LambdaClient;
}

const clientSettings = {
  requestHandler: { connectionTimeout: 5_000 },
  retryMode: "standard",
  maxAttempts: 4,
};

/**
 * Looks who the credentials are before anything else is asked.
 *
 * @throws {AwsError} where there are none, or they are those of an account that the environment does not allow
 */
export async function signIn(environment: Environment, time = new CallTime()): Promise<Account> {
  const { region, allowedAccountIds, name } = environment;
  const sts = clientOf(STSClient, { region, time }, "sts");
  const { Account: accountId = "" } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  if (!/^\d{12}$/.test(accountId)) throw AwsError.foreign("sts:GetCallerIdentity");
  if (allowedAccountIds !== undefined && !allowedAccountIds.includes(accountId)) {
    const allowed = allowedAccountIds.join(", ");
    throw new AwsError(
      "ForeignAccount",
      `the credentials are those of account ${accountId}, and ${name} allows ${allowed}`,
    );
  }
  return { accountId, region, time };
}

/** @throws {AwsError} as `signIn` does */
export async function connect(environment: Environment, time = new CallTime()): Promise<Aws> {
  return clientsOf(await signIn(environment, time));
}

/** The clients of an account whose credentials are known. */
export function clientsOf(account: Account): Aws {
  return {
    ...account,
    apiGateway: clientOf(APIGatewayClient, account, "apigateway"),
    lambda: clientOf(LambdaClient, account, "lambda"),
  };
}

export function disconnect({ apiGateway, lambda }: Aws): void {
  apiGateway.destroy();
  lambda.destroy();
}

/** Uses the clients of an environment, and closes them. @throws {AwsError} as `signIn` does */
export async function withAws<T>(
  environment: Environment,
  limits: TimeLimits | undefined,
  use: (aws: Aws) => Promise<T>,
): Promise<T> {
  const aws = await connect(environment, new CallTime(limits));
  try {
    return await use(aws);
  } finally {
    disconnect(aws);
  }
}

export function placeOf({ accountId, region }: Account): Place {
  return { accountId, region };
}

/**
 * A client whose calls end in time, and whose errors are one clear line, wherever it is used.
 *
 * @param service as IAM abbreviates it: `lambda`
 */
export function clientOf<C extends Pick<STSClient, "destroy">>(
  Client: new (settings: typeof clientSettings & { readonly region: string }) => C,
  { region, time, local }: Pick<Account, "region" | "time" | "local">,
  service: string,
): C {
  // The SDK would warn with every command that its later versions do not run on Node 20.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const client = new Client({ ...clientSettings, region, ...local });
  const any = client as unknown as STSClient;
  readWholeAnswers(any.config.requestHandler, time.limits.requestMs);
  const send = any.send.bind(any) as (command: object, options: object) => Promise<object>;
  const boundedSend = async (command: object, options: { readonly abortSignal?: AbortSignal } = {}) => {
    const operation = command.constructor.name.replace(/Command\d*$/, "");
    try {
      return await time.bounded(`${service}:${operation}`, (signal, onRequest) => {
        const signals = options.abortSignal === undefined ? [signal] : [signal, options.abortSignal];
        return send(command, { ...options, abortSignal: AbortSignal.any(signals), onRequest });
      });
    } catch (error) {
      throw AwsError.of(error, service, operation);
    }
  };
  return Object.assign(client, { send: boundedSend });
}
