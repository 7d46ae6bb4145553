import { Lambda } from "@aws-sdk/client-lambda";
import { type AliasRouting, type LambdaApi, LambdaError } from "./lambda-api";
import { localSettings, refusalsOf } from "./local-endpoint";

const refuse = refusalsOf(LambdaError, "Lambda", "ServiceException");

/** Lambda's API at an endpoint. */
export class LambdaEndpoint implements LambdaApi {
  private readonly client: Lambda;

  constructor(url: string, region: string) {
    this.client = new Lambda(localSettings(url, region));
  }

  async getAlias(FunctionName: string, Name: string) {
    const { AliasArn, FunctionVersion, RoutingConfig } = await this.client
      .getAlias({ FunctionName, Name })
      .catch(refuse);
    return {
      arn: AliasArn,
      version: String(FunctionVersion),
      weights: RoutingConfig?.AdditionalVersionWeights ?? {},
    };
  }

  async updateAlias(FunctionName: string, Name: string, { version, weights }: AliasRouting): Promise<void> {
    const routing = { FunctionVersion: version, RoutingConfig: { AdditionalVersionWeights: weights } };
    await this.client.updateAlias({ FunctionName, Name, ...routing }).catch(refuse);
  }

  async start(FunctionName: string, event: object): Promise<void> {
    const Payload = JSON.stringify(event);
    await this.client.invoke({ FunctionName, InvocationType: "Event", Payload }).catch(refuse);
  }

  async ask(FunctionName: string, event: object): Promise<unknown> {
    const asked = this.client.invoke({ FunctionName, Payload: JSON.stringify(event) });
    const { FunctionError, Payload } = await asked.catch(refuse);
    return FunctionError === undefined && Payload ? JSON.parse(Payload.transformToString()) : undefined;
  }
}
