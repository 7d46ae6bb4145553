import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const appSpec = {
  version: 0.0,
  Resources: [
    {
      shop: {
        Type: "AWS::Lambda::Function",
        Properties: { Name: "shop-dev", Alias: "live", CurrentVersion: "1", TargetVersion: "2" },
      },
    },
  ],
};

/** An answer of the endpoint: an error of AWS's by its name, or a body. */
interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** CodeDeploy's and Lambda's JSON on loopback, as far as hooks speak with them, and the public endpoint of a stage. */
export class AwsEndpoint {
  /** The requests in their order: `GetDeployment`, `POST /2015-03-31/functions/...`. */
  readonly requests: string[] = [];
  /** What each request brought. */
  readonly bodies: Record<string, unknown>[] = [];
  /** The reports that were accepted. */
  readonly reports: string[] = [];
  /** How the next reports are answered, before they are accepted. `undefined` closes the connection. */
  refusals: (string | undefined)[] = [];
  /** The AppSpec that the revision has. */
  appSpec = JSON.stringify(appSpec);
  /** What the function answers. */
  invocation: Answer = { body: { statusCode: 200, body: "hello" } };
  /** With which status the public endpoint answers. */
  publicStatus = 200;
  /** How long each answer takes. */
  delayMs = 0;

  private readonly server = createServer((request, response) => this.handle(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const target = /^CodeDeploy_20141006\.(\w+)$/.exec(String(request.headers["x-amz-target"]))?.[1];
    this.requests.push(target ?? `${request.method} ${request.url}`);
    this.bodies.push(text === "" ? {} : JSON.parse(text));
    const answer = target === undefined ? this.other(request.url ?? "") : this.codeDeploy(target);
    if (this.delayMs > 0) await sleep(this.delayMs);
    if (answer === undefined) return void response.destroy();
    const headers = { "content-type": "application/x-amz-json-1.1", ...answer.headers };
    response.writeHead(answer.status ?? 200, headers).end(JSON.stringify(answer.body));
  }

  private codeDeploy(operation: string): Answer | undefined {
    const revision = { revisionType: "AppSpecContent", appSpecContent: { sha256: "0123" } };
    if (operation === "GetDeployment")
      return { body: { deploymentInfo: { deploymentId: "d-1", applicationName: "shop-dev", revision } } };
    if (operation === "GetApplicationRevision") {
      const appSpecContent = { sha256: "0123", content: this.appSpec };
      return { body: { applicationName: "shop-dev", revision: { ...revision, appSpecContent } } };
    }
    if (this.refusals.length > 0) {
      const name = this.refusals.shift();
      return name === undefined ? undefined : { status: 400, body: { __type: name, message: name } };
    }
    this.reports.push(String(this.bodies.at(-1)?.["status"]));
    return { body: { lifecycleEventHookExecutionId: "hook-1" } };
  }

  private other(url: string): Answer {
    return url.startsWith("/2015-03-31/") ? this.invocation : { status: this.publicStatus, body: "hello" };
  }
}
