import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  type CreateDeploymentInput,
  type DeploymentInfo,
  type LambdaTarget,
} from "@aws-sdk/client-codedeploy";
import { hooksOf, LocalCodeDeploy, minute, revisionOf, serviceRoleArn } from "./local-codedeploy";

export { clientOf, minute, revisionOf } from "./local-codedeploy";

const names = { applicationName: "shop", deploymentGroupName: "shop-dev" };

/** What an AppSpec says of the function `shop` and its alias `live`. */
export interface Versions {
  readonly from?: string;
  readonly to?: string;
  readonly functionName?: string;
  readonly hooks?: Readonly<Record<string, string>>;
}

/** CodeDeploy, a Lambda whose alias `shop:live` serves version 1, and a clock. */
export class DeployedShop extends LocalCodeDeploy {
  /** With an application `shop` and a deployment group `shop-dev`. */
  static async start(group: Partial<CreateDeploymentGroupCommandInput> = {}): Promise<DeployedShop> {
    const shop = await DeployedShop.empty();
    await shop.client.send(
      new CreateApplicationCommand({ applicationName: "shop", computePlatform: "Lambda" }),
    );
    await shop.client.send(new CreateDeploymentGroupCommand({ ...names, serviceRoleArn, ...group }));
    return shop;
  }

  static async empty(): Promise<DeployedShop> {
    const shop = new DeployedShop("shop:live");
    shop.lambda.aliases.set("shop:live", { version: "1", weights: {} });
    await shop.serve();
    return shop;
  }

  get alias() {
    return this.lambda.aliases.get("shop:live");
  }

  /** @returns the deployment's id */
  async deploy(versions: Versions = {}, input: Partial<CreateDeploymentInput> = {}): Promise<string> {
    const revision = revisionOf(appSpecOf(versions));
    const { deploymentId } = await this.client.send(
      new CreateDeploymentCommand({ ...names, revision, ...input }),
    );
    return deploymentId as string;
  }

  /** Deploys, and lets more time pass than any deployment takes. */
  async deployed(
    versions: Versions = {},
    input: Partial<CreateDeploymentInput> = {},
  ): Promise<DeploymentInfo> {
    const id = await this.deploy(versions, input);
    await this.clock.advance(50 * 60 * minute);
    return this.info(id);
  }

  async target(deploymentId: string | undefined): Promise<LambdaTarget> {
    return (await this.describe(deploymentId)).lambdaTarget as LambdaTarget;
  }
}

export function appSpecOf({ from = "1", to = "2", functionName = "shop", hooks = {} }: Versions): object {
  const properties = { Name: functionName, Alias: "live", CurrentVersion: from, TargetVersion: to };
  return {
    version: 0.0,
    Resources: [{ shop: { Type: "AWS::Lambda::Function", Properties: properties } }],
    Hooks: hooksOf(hooks),
  };
}
