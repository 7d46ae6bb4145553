import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../src/rehearsal/codedeploy/lambda-endpoint";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { appSpecOf, revisionOf } from "../rehearsal/codedeploy/deployed-shop";
import { groupSettings, names, RolloutAccount } from "./rollout-account";

/** The shop as one function, whose alias serves version 1. */
export class RolloutShop extends RolloutAccount {
  private lambdaUrl = "";
  private codeDeploy?: CodeDeploy;

  private constructor(release: object) {
    const canary = { versions: [1, 2], canary: { version: 2 } };
    super(oneFunction("codedeploy-alias", "code", { ...canary, ...release }));
  }

  static async start(
    group: Partial<CreateDeploymentGroupCommandInput> = {},
    release: object = {},
  ): Promise<RolloutShop> {
    const shop = new RolloutShop(release);
    const { lambda, clock, alarms } = shop;
    lambda.aliases.set("shop-dev:live", { version: "1", weights: {} });
    for (const version of [1, 2]) lambda.versions.add(`shop-dev:${version}`);
    shop.lambdaUrl = await lambda.listen();
    const endpoint = new LambdaEndpoint(shop.lambdaUrl, "eu-central-1");
    shop.codeDeploy = new CodeDeploy({ lambda: endpoint, clock, alarms });
    shop.codeDeployUrl = await shop.codeDeploy.listen();
    await shop.listen();
    const { client } = shop;
    await client.send(
      new CreateApplicationCommand({ applicationName: "shop-dev", computePlatform: "Lambda" }),
    );
    const deploymentConfigName = "CodeDeployDefault.LambdaCanary10Percent5Minutes";
    await client.send(new CreateDeploymentGroupCommand({ ...groupSettings, deploymentConfigName, ...group }));
    return shop;
  }

  get alias() {
    return this.lambda.aliases.get("shop-dev:live");
  }

  /** A deployment that the command has not started. */
  async deploy(): Promise<string> {
    const revision = revisionOf(appSpecOf({ functionName: "shop-dev" }));
    const { deploymentId } = await this.client.send(new CreateDeploymentCommand({ ...names, revision }));
    return deploymentId as string;
  }

  override close(): void {
    super.close();
    this.codeDeploy?.close();
  }

  protected whoAnswers(service: string): string {
    return service === "" ? this.lambdaUrl : this.codeDeployUrl;
  }
}
