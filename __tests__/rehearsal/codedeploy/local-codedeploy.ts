import { createHash } from "node:crypto";
import {
  CodeDeployClient,
  type CreateDeploymentInput,
  type DeploymentInfo,
  type DeploymentTarget,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  type LifecycleEvent,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { AlarmBoard } from "../../../src/rehearsal/codedeploy/alarms";
import { CodeDeploy, type CodeDeployOptions } from "../../../src/rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../../src/rehearsal/codedeploy/lambda-endpoint";
import { VirtualClock } from "../../../src/rehearsal/codedeploy/virtual-clock";
import { FakeLambda, type HookEvent } from "./fake-lambda";

export const minute = 60_000;
export const region = "eu-central-1";
export const serviceRoleArn = "arn:aws:iam::123456789012:role/codedeploy";

/** CodeDeploy over HTTP with AWS's own client, and a Lambda that runs its hooks. */
export class LocalCodeDeploy {
  readonly clock = new VirtualClock({ patienceMs: 200 });
  readonly alarms = new AlarmBoard();
  readonly lambda = new FakeLambda(this.clock);
  url = "";
  private codeDeploy?: CodeDeploy;
  private sdk?: CodeDeployClient;

  /** @param targetId of the one target that each deployment has */
  constructor(private readonly targetId: string) {}

  get client(): CodeDeployClient {
    return this.sdk as CodeDeployClient;
  }

  async info(deploymentId: string | undefined): Promise<DeploymentInfo> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo as DeploymentInfo;
  }

  async describe(deploymentId: string | undefined): Promise<DeploymentTarget> {
    const { targetId } = this;
    const { deploymentTarget } = await this.client.send(
      new GetDeploymentTargetCommand({ deploymentId, targetId }),
    );
    return deploymentTarget as DeploymentTarget;
  }

  /** Each lifecycle event with its status. */
  async events(deploymentId: string | undefined): Promise<string[]> {
    const { lambdaTarget, ecsTarget } = await this.describe(deploymentId);
    const events: LifecycleEvent[] = (lambdaTarget ?? ecsTarget)?.lifecycleEvents ?? [];
    return events.map(({ lifecycleEventName, status }) => `${lifecycleEventName} ${status}`);
  }

  stop(deploymentId: string, autoRollbackEnabled?: boolean) {
    return this.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));
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

  protected async serve(options: Partial<CodeDeployOptions> = {}): Promise<void> {
    const lambda = new LambdaEndpoint(await this.lambda.listen(), region);
    const { clock, alarms } = this;
    this.codeDeploy = new CodeDeploy({ lambda, clock, alarms, ...options });
    this.url = await this.codeDeploy.listen();
    this.sdk = clientOf(this.url);
  }
}

// What the client says of Node 20 is no news of a test.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

export function clientOf(endpoint: string): CodeDeployClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new CodeDeployClient({ endpoint, region, credentials, maxAttempts: 1 });
}

export function revisionOf(appSpec: object): NonNullable<CreateDeploymentInput["revision"]> {
  const content = JSON.stringify(appSpec);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } };
}

/** As an AppSpec lists them. */
export function hooksOf(hooks: Readonly<Record<string, string>>): object[] {
  return Object.entries(hooks).map(([name, lambda]) => ({ [name]: lambda }));
}
