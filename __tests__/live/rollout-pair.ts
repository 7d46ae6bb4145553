import {
  CreateApplicationCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  GetDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../src/rehearsal/codedeploy/lambda-endpoint";
import { lifeOfTwo } from "../support/several-functions";
import { groupSettings, RolloutAccount } from "./rollout-account";

const functions = ["shop-dev-api", "shop-dev-admin"];

/** The shop as two functions, whose aliases serve version 1, each with a deployment group. */
export class RolloutPair extends RolloutAccount {
  private lambdaUrl = "";
  private codeDeploy?: CodeDeploy;

  private constructor(release: object) {
    super(lifeOfTwo("codedeploy-alias").with({ canary: { version: 2 }, ...release }));
  }

  static async start(
    release: object = {},
    group: Partial<CreateDeploymentGroupCommandInput> = {},
  ): Promise<RolloutPair> {
    const shop = new RolloutPair(release);
    const { lambda, clock, alarms } = shop;
    for (const name of functions) {
      lambda.aliases.set(`${name}:live`, { version: "1", weights: {} });
      for (const version of [1, 2]) lambda.versions.add(`${name}:${version}`);
    }
    shop.lambdaUrl = await lambda.listen();
    const endpoint = new LambdaEndpoint(shop.lambdaUrl, "eu-central-1");
    shop.codeDeploy = new CodeDeploy({ lambda: endpoint, clock, alarms });
    shop.codeDeployUrl = await shop.codeDeploy.listen();
    await shop.listen();
    const applicationName = "shop-dev";
    await shop.client.send(new CreateApplicationCommand({ applicationName, computePlatform: "Lambda" }));
    const deploymentConfigName = "CodeDeployDefault.LambdaCanary10Percent5Minutes";
    for (const deploymentGroupName of functions) {
      const own = { ...groupSettings, deploymentGroupName, deploymentConfigName, ...group };
      await shop.client.send(new CreateDeploymentGroupCommand(own));
    }
    return shop;
  }

  /** What the alias of each function serves. */
  get serving() {
    const [api, admin] = functions.map((name) => this.lambda.aliases.get(`${name}:live`));
    return { api, admin };
  }

  /** The function that a deployment moves. */
  async targetOf(deploymentId: string): Promise<string | undefined> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo?.deploymentGroupName;
  }

  async isOver(deploymentId: string): Promise<boolean> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return ["Succeeded", "Failed", "Stopped"].includes(deploymentInfo?.status ?? "");
  }

  /** When a call was made so often. */
  whenCalled(name: string, times: number): Promise<void> {
    let calls = 0;
    return new Promise((resolve) => {
      this.onCall = (called) => {
        if (called === name && ++calls === times) setTimeout(resolve, 300);
        return undefined;
      };
    });
  }

  override close(): void {
    super.close();
    this.codeDeploy?.close();
  }

  protected whoAnswers(service: string): string {
    return service === "" ? this.lambdaUrl : this.codeDeployUrl;
  }
}
