import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  DeleteDeploymentGroupCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from "@aws-sdk/client-codedeploy";
import { AlarmBoard } from "../../rehearsal/codedeploy/alarms";
import { CodeDeploy } from "../../rehearsal/codedeploy/codedeploy";
import { LambdaEndpoint } from "../../rehearsal/codedeploy/lambda-api";
import { VirtualClock } from "../../rehearsal/codedeploy/virtual-clock";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { appSpecOf, clientOf, revisionOf } from "../rehearsal/codedeploy/deployed-shop";
import { FakeLambda } from "../rehearsal/codedeploy/fake-lambda";
import { type Finished, projectFolder, type Running, run, start } from "../support/command";
import { createProject, writeFiles } from "../support/project";
import { accountId, identity } from "./answering-endpoint";

const names = { applicationName: "shop-dev", deploymentGroupName: "shop-dev" };
const file = "releases/dev/shop.json";

/** What happens to a call on its way, in place of its answer. */
export type Fault = "throttled" | "expired" | "cut" | "cut after it was done";

/**
 * The shop in an account: CodeDeploy and a Lambda whose alias serves version 1, behind one endpoint that can fail.
 * With each look at how a deployment goes, a minute passes.
 */
export class RolloutShop {
  readonly clock = new VirtualClock({ patienceMs: 200 });
  readonly alarms = new AlarmBoard();
  readonly lambda = new FakeLambda(this.clock);
  /** The names of all calls of CodeDeploy. */
  readonly calls: string[] = [];
  /** Asked before each of them. */
  onCall: (name: string) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  readonly project: string;
  private endpoints: readonly string[] = [];
  private codeDeploy?: CodeDeploy;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  private constructor(release: object) {
    const canary = { versions: [1, 2], canary: { version: 2 } };
    const hook = "export const handler = async () => {};\n";
    this.project = createProject({
      ...oneFunction("codedeploy-alias", "code", { ...canary, ...release }),
      "lambdas/hooks/before.ts": hook,
      "lambdas/hooks/after.ts": hook,
    });
  }

  static async start(
    group: Partial<CreateDeploymentGroupCommandInput> = {},
    release: object = {},
  ): Promise<RolloutShop> {
    const shop = new RolloutShop(release);
    const { lambda, clock, alarms } = shop;
    lambda.aliases.set("shop-dev:live", { version: "1", weights: {} });
    for (const version of [1, 2]) lambda.versions.add(`shop-dev:${version}`);
    const lambdaUrl = await lambda.listen();
    shop.codeDeploy = new CodeDeploy({
      lambda: new LambdaEndpoint(lambdaUrl, "eu-central-1"),
      clock,
      alarms,
    });
    shop.endpoints = [lambdaUrl, (await shop.codeDeploy.listen()).url];
    await new Promise<void>((resolve) => shop.server.listen(0, "127.0.0.1", resolve));
    const { client } = shop;
    await client.send(
      new CreateApplicationCommand({ applicationName: "shop-dev", computePlatform: "Lambda" }),
    );
    const rollback = [
      "DEPLOYMENT_FAILURE",
      "DEPLOYMENT_STOP_ON_ALARM",
      "DEPLOYMENT_STOP_ON_REQUEST",
    ] as const;
    await client.send(
      new CreateDeploymentGroupCommand({
        ...names,
        serviceRoleArn: `arn:aws:iam::${accountId}:role/codedeploy`,
        deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        autoRollbackConfiguration: { enabled: true, events: [...rollback] },
        alarmConfiguration: { enabled: true, alarms: [{ name: "shop-errors" }] },
        ...group,
      }),
    );
    return shop;
  }

  get client() {
    return clientOf(this.endpoints[1] as string);
  }

  get alias() {
    return this.lambda.aliases.get("shop-dev:live");
  }

  get release() {
    return JSON.parse(readFileSync(join(this.project, file), "utf8"));
  }

  write(release: object): void {
    writeFiles(this.project, { [file]: release });
  }

  async forgetGroup(): Promise<void> {
    await this.client.send(new DeleteDeploymentGroupCommand(names));
  }

  /** A deployment that the command has not started. */
  async deploy(): Promise<string> {
    const revision = revisionOf(appSpecOf({ functionName: "shop-dev" }));
    const { deploymentId } = await this.client.send(new CreateDeploymentCommand({ ...names, revision }));
    return deploymentId as string;
  }

  hook(name: string, status: "Succeeded" | "Failed"): void {
    this.lambda.functions.set(name, (event) =>
      this.client.send(
        new PutLifecycleEventHookExecutionStatusCommand({
          deploymentId: event.DeploymentId,
          lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
          status,
        }),
      ),
    );
  }

  /** The command itself, as it is started for users. */
  rollout(...args: string[]): Promise<Finished> {
    return run(this.project, "node", this.command(args), this.variables);
  }

  started(...args: string[]): Running {
    return start(this.project, "node", this.command(args), this.variables);
  }

  close(): void {
    this.codeDeploy?.close();
    this.lambda.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  private command(args: readonly string[]): string[] {
    return [join(projectFolder, "release/cli/bin.js"), "rollout", "dev/shop", "--poll", "0.01", ...args];
  }

  private get variables() {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  private async answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(asked.headers["x-amz-target"] ?? "");
    const [lambda = "", codeDeploy = ""] = this.endpoints;
    if (target === "" && asked.url === "/") {
      response.end(identity(accountId).body);
      return;
    }
    const name = target.replace(/^.*\./, "");
    let fault: Fault | undefined;
    if (name !== "") {
      this.calls.push(name);
      fault = await this.onCall(name);
      if (name === "GetDeployment") await this.clock.advance(60_000);
    }
    if (fault === "throttled") {
      response
        .writeHead(400, { "x-amzn-errortype": "ThrottlingException" })
        .end('{"message":"Rate exceeded"}');
    } else if (fault === "expired") {
      response.writeHead(400, { "x-amzn-errortype": "ExpiredTokenException" }).end('{"message":"too late"}');
    } else if (fault === "cut") asked.socket.destroy();
    else {
      const { method, headers, url } = asked;
      const forwarded = request(
        `${name === "" ? lambda : codeDeploy}${url}`,
        { method, headers },
        (answer) => {
          if (fault !== undefined) {
            asked.socket.destroy();
            return;
          }
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      asked.pipe(forwarded);
    }
  }
}
