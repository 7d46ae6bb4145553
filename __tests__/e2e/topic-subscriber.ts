import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { temporaryFolder } from "../support/project";
import { byForm, byName } from "./by-hand";

const version = { Version: "2010-03-31" };

/** An SNS topic with a queue behind it, as e-mail has it, and an HTTPS endpoint, as a chat has it. */
export class TopicSubscriber {
  /** What came by HTTPS. */
  readonly chat: string[] = [];
  /** What came to the queue, as subject and text. */
  readonly texts: [subject: string, text: string][] = [];

  private constructor(
    private readonly endpoint: string,
    readonly topic: string,
    private readonly server: Server,
  ) {
    server.on("request", async (request, response) => {
      const message = JSON.parse(await text(request));
      response.end();
      if (message.Type === "Notification") this.chat.push(message.Message);
      else await this.form("ConfirmSubscription", { TopicArn: topic, Token: message.Token });
    });
  }

  /** @param name of the topic and the queue */
  static async start(endpoint: string, name: string): Promise<TopicSubscriber> {
    const arn = (service: string) => `arn:aws:${service}:eu-central-1:000000000000:${name}`;
    const server = createServer(selfSigned());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const one = new TopicSubscriber(endpoint, arn("sns"), server);
    await one.form("CreateTopic", { Name: name });
    await byName(endpoint, "sqs", "AmazonSQS.CreateQueue", { QueueName: name });
    await one.subscribe("sqs", arn("sqs"));
    await one.subscribe("https", `https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return one;
  }

  /** Reads what came to the queue since. */
  async readQueue(): Promise<void> {
    const QueueUrl = `${this.endpoint}/000000000000/${this.topic.split(":").at(-1)}`;
    const query = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
    const answer = await byName(this.endpoint, "sqs", "AmazonSQS.ReceiveMessage", query);
    const { Messages = [] } = answer as { Messages?: readonly { readonly Body: string }[] };
    for (const { Body } of Messages) {
      const { Subject, Message } = JSON.parse(Body);
      this.texts.push([Subject, Message]);
    }
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private subscribe(Protocol: string, Endpoint: string): Promise<string> {
    return this.form("Subscribe", { TopicArn: this.topic, Protocol, Endpoint });
  }

  private form(Action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    return byForm(this.endpoint, "sns", { Action, ...version, ...fields });
  }
}

/** A certificate that LocalStack does not check. */
function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key"), join(folder, "cert")];
  const files = ["-keyout", key, "-out", cert, "-subj", "/CN=127.0.0.1", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
