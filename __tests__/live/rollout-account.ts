import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  type CreateDeploymentGroupCommandInput,
  DeleteDeploymentGroupCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from "@aws-sdk/client-codedeploy";
import { AlarmBoard } from "../../src/rehearsal/codedeploy/alarms";
import { VirtualClock } from "../../src/rehearsal/codedeploy/virtual-clock";
import { clientOf } from "../rehearsal/codedeploy/deployed-shop";
import { FakeLambda } from "../rehearsal/codedeploy/fake-lambda";
import { bin, type Finished, type Running, start } from "../support/command";
import { createProject, type Files, writeFiles } from "../support/project";
import { release } from "../support/release-command";
import { accountId, identity } from "./answering-endpoint";

export const names = { applicationName: "shop-dev", deploymentGroupName: "shop-dev" };
const file = "releases/dev/shop.json";
const hook = "export const handler = async () => {};\n";

/** What happens to a call on its way, in place of its answer. */
export type Fault = "throttled" | "expired" | "failing" | "cut" | "cut after it was done";

/** What a deployment group is made of, where a test says nothing else. */
export const groupSettings = {
  ...names,
  serviceRoleArn: `arn:aws:iam::${accountId}:role/codedeploy`,
  autoRollbackConfiguration: {
    enabled: true,
    events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
  },
  alarmConfiguration: { enabled: true, alarms: [{ name: "shop-errors" }] },
} satisfies CreateDeploymentGroupCommandInput;

/**
 * A shop in an account with this project's CodeDeploy, behind one endpoint that can fail. With each look at how a
 * deployment goes, a minute passes.
 */
export abstract class RolloutAccount {
  readonly clock = new VirtualClock({ patienceMs: 200 });
  readonly alarms = new AlarmBoard();
  readonly lambda = new FakeLambda(this.clock);
  /** The names of all calls of CodeDeploy and ECS. */
  readonly calls: string[] = [];
  /** Asked before each of them. */
  onCall: (name: string) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  readonly project: string;
  /** Where CodeDeploy is. */
  protected codeDeployUrl = "";
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  constructor(files: Files) {
    this.project = createProject({
      ...files,
      "lambdas/hooks/before.ts": hook,
      "lambdas/hooks/after.ts": hook,
    });
  }

  get client() {
    return clientOf(this.codeDeployUrl);
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

  /** Has something happen before a deployment is looked at for the nth time. */
  onLook(nth: number, happen: () => void): void {
    let looks = 0;
    this.onCall = (name) => {
      if (name === "GetDeployment" && ++looks === nth) happen();
      return undefined;
    };
  }

  rollout(...args: string[]): Promise<Finished> {
    return this.command("rollout", "dev/shop", "--poll", "0.01", ...args);
  }

  /** The command itself, as it is started for users. */
  started(...args: string[]): Running {
    const all = ["rollout", "dev/shop", "--poll", "0.01", ...args];
    return start(this.project, "node", [bin, ...all], this.variables);
  }

  command(...args: string[]): Promise<Finished> {
    return this.commandAt(undefined, ...args);
  }

  commandAt(now: Date | undefined, ...args: string[]): Promise<Finished> {
    return release(this.project, args, { variables: this.variables, now });
  }

  close(): void {
    this.lambda.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  /** What answers a call: the address of an endpoint, or the answer itself. */
  protected abstract whoAnswers(service: string, name: string, body: string): string | object;

  protected listen(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () => resolve());
    });
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
    if (target === "" && asked.url === "/") {
      response.end(identity(accountId).body);
      return;
    }
    const [service = "", name = ""] = target.split(".");
    const body = await buffer(asked);
    let fault: Fault | undefined;
    if (name !== "") {
      this.calls.push(name);
      fault = await this.onCall(name);
      if (name === "GetDeployment") await this.clock.advance(60_000);
    }
    if (fault === "throttled") refuse(response, "ThrottlingException", "Rate exceeded");
    else if (fault === "expired") refuse(response, "ExpiredTokenException", "too late");
    else if (fault === "failing") refuse(response, "ServerException", "no luck", 500);
    else if (fault === "cut") asked.socket.destroy();
    else {
      const by = this.whoAnswers(service, name, body.toString());
      if (typeof by === "string") forward(asked, body, by, response, fault !== undefined);
      else if ("error" in by) refuse(response, String(by.error), "no");
      else response.end(JSON.stringify(by));
    }
  }
}

function refuse(response: ServerResponse, code: string, message: string, status = 400): void {
  response.writeHead(status, { "x-amzn-errortype": code }).end(JSON.stringify({ message }));
}

function forward(
  asked: IncomingMessage,
  body: Buffer,
  endpoint: string,
  response: ServerResponse,
  isCut: boolean,
): void {
  const { method, headers, url } = asked;
  const forwarded = request(`${endpoint}${url}`, { method, headers }, (answer) => {
    if (isCut) {
      asked.socket.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  forwarded.end(body);
}
