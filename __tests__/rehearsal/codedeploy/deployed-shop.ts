import { createHash } from "node:crypto";
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  type CreateDeploymentInput,
  type DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  type LambdaTarget,
  PutLifecycleEventHookExecutionStatusCommand,
} from "@aws-sdk/client-codedeploy";
import { AlarmBoard } from "../../../rehearsal/codedeploy/alarms";
import { CodeDeploy } from "../../../rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../../rehearsal/codedeploy/lambda-api";
import { VirtualClock } from "../../../rehearsal/codedeploy/virtual-clock";
import { FakeLambda, type HookEvent } from "./fake-lambda";

export const minute = 60_000;
const roleArn = "arn:aws:iam::123456789012:role/codedeploy";
const names = { applicationName: "shop", deploymentGroupName: "shop-dev" };

/** What an AppSpec says of the function `shop` and its alias `live`. */
export interface Versions {
  readonly from?: string;
  readonly to?: string;
  readonly functionName?: string;
  readonly hooks?: Readonly<Record<string, string>>;
}

/** CodeDeploy over HTTP with AWS's own client, a Lambda whose alias `shop:live` serves version 1, and a clock. */
export class DeployedShop {
  readonly clock = new VirtualClock({ patienceMs: 200 });
  readonly alarms = new AlarmBoard();
  readonly lambda = new FakeLambda(this.clock);
  url = "";
  private codeDeploy?: CodeDeploy;
  private sdk?: CodeDeployClient;

  /** With an application `shop` and a deployment group `shop-dev`. */
  static async start(group: Partial<CreateDeploymentGroupCommandInput> = {}): Promise<DeployedShop> {
    const shop = await DeployedShop.empty();
    await shop.client.send(
      new CreateApplicationCommand({ applicationName: "shop", computePlatform: "Lambda" }),
    );
    await shop.client.send(new CreateDeploymentGroupCommand({ ...names, serviceRoleArn: roleArn, ...group }));
    return shop;
  }

  static async empty(): Promise<DeployedShop> {
    const shop = new DeployedShop();
    shop.lambda.aliases.set("shop:live", { version: "1", weights: {} });
    const lambda = new LambdaEndpoint(await shop.lambda.listen(), "eu-central-1");
    const { clock, alarms } = shop;
    shop.codeDeploy = new CodeDeploy({ lambda, clock, alarms });
    shop.url = (await shop.codeDeploy.listen()).url;
    shop.sdk = clientOf(shop.url);
    return shop;
  }

  get client(): CodeDeployClient {
    return this.sdk as CodeDeployClient;
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

  async info(deploymentId: string | undefined): Promise<DeploymentInfo> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo as DeploymentInfo;
  }

  async target(deploymentId: string | undefined): Promise<LambdaTarget> {
    const { deploymentTarget } = await this.client.send(
      new GetDeploymentTargetCommand({ deploymentId, targetId: "shop:live" }),
    );
    return deploymentTarget?.lambdaTarget as LambdaTarget;
  }

  /** Each lifecycle event with its status. */
  async events(deploymentId: string | undefined): Promise<string[]> {
    const { lifecycleEvents = [] } = await this.target(deploymentId);
    return lifecycleEvents.map(({ lifecycleEventName, status }) => `${lifecycleEventName} ${status}`);
  }

  /** A function that tells CodeDeploy a result. */
  hook(name: string, status: "Succeeded" | "Failed"): void {
    this.lambda.functions.set(name, (event) => this.tell(event, status));
  }

  tell(event: HookEvent, status: "Succeeded" | "Failed" | "Skipped"): Promise<object> {
    return this.client.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
  }

  close(): void {
    this.client.destroy();
    this.codeDeploy?.close();
    this.lambda.close();
  }
}

// What the client says of Node 20 is no news of a test.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

export function clientOf(endpoint: string): CodeDeployClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new CodeDeployClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
}

export function appSpecOf({ from = "1", to = "2", functionName = "shop", hooks = {} }: Versions): object {
  const properties = { Name: functionName, Alias: "live", CurrentVersion: from, TargetVersion: to };
  return {
    version: 0.0,
    Resources: [{ shop: { Type: "AWS::Lambda::Function", Properties: properties } }],
    Hooks: Object.entries(hooks).map(([name, lambda]) => ({ [name]: lambda })),
  };
}

export function revisionOf(appSpec: object) {
  const content = JSON.stringify(appSpec);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } } as const;
}
