import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerTo, type Counts, type Place } from "../examples/carry";
import type { ExampleProject } from "../examples/example-project";
import type { Answer, Asked } from "../examples/shapes";
import { resolveArchives } from "../plans/archives";
import { type ProviderProcess, startProvider } from "../support/provider-process";
import { installed, stateFile } from "../support/terraform-providers";

interface State {
  readonly outputs: Record<string, { readonly value: string }>;
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, string>> }[];
  }[];
}

/**
 * Applies the stacks of examples to a local AWS, one service after the other, by Terraform itself: one folder, one
 * `terraform init` and one AWS provider serve them all.
 */
export class DeployedExamples {
  private constructor(
    readonly endpoint: string,
    private readonly folder: string,
    private readonly provider: ProviderProcess,
    private readonly hasArchiveProvider: boolean,
  ) {}

  static async start(endpoint: string, hasArchiveProvider: boolean): Promise<DeployedExamples> {
    const found = installed(hasArchiveProvider ? ["aws", "archive"] : ["aws"]);
    if ("reason" in found) throw new Error(found.reason);
    const provider = await startProvider(found.folder, environment(endpoint));
    return new DeployedExamples(endpoint, found.folder, provider, hasArchiveProvider);
  }

  /** Begins with a service of which nothing is deployed. */
  begin(): DeployedExample {
    rmSync(join(this.folder, stateFile), { force: true });
    return new DeployedExample(this);
  }

  async apply(stackFolder: string): Promise<string> {
    rmSync(join(this.folder, "assets"), { recursive: true, force: true });
    rmSync(join(this.folder, "main.tf.json"), { force: true });
    cpSync(stackFolder, this.folder, { recursive: true });
    if (!this.hasArchiveProvider) resolveArchives(this.folder);
    const file = join(this.folder, "cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8").replaceAll("111122223333", "000000000000"));
    stack.terraform.backend = { local: { path: stateFile } };
    writeFileSync(file, JSON.stringify(stack));
    return this.terraform("apply", "-auto-approve", "-no-color", "-input=false", "-lock=false");
  }

  get state(): State {
    return JSON.parse(readFileSync(join(this.folder, stateFile), "utf8"));
  }

  stop(): void {
    this.provider.stop();
  }

  private terraform(...args: readonly string[]): Promise<string> {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
    const env = {
      ...Object.fromEntries(own),
      ...environment(this.endpoint),
      ...this.provider.variables,
      CHECKPOINT_DISABLE: "1",
    };
    return new Promise((resolve, reject) => {
      const child = spawn("terraform", args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk) => {
          output += chunk;
        });
      child.on("error", reject);
      child.on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
    });
  }
}

/** One of them. */
export class DeployedExample implements Place {
  constructor(private readonly all: DeployedExamples) {}

  async apply({ stackFolder }: ExampleProject): Promise<Counts> {
    const output = await this.all.apply(stackFolder);
    const found = /Resources: (\d+) added, (\d+) changed, (\d+) destroyed/.exec(output);
    if (found === null) throw new Error(output);
    const [, added, changed, destroyed] = found.map(Number);
    return [added ?? 0, changed ?? 0, destroyed ?? 0];
  }

  async ask(asked: Asked): Promise<Answer> {
    return asked.event === undefined ? this.request(asked) : this.invoke(asked.body);
  }

  private request(asked: Asked): Promise<Answer> {
    const { api_id, stage } = this.all.state.outputs;
    const url = `${this.all.endpoint}/_aws/execute-api/${api_id?.value}/${stage?.value}`;
    return answerTo(asked, url, (key) => this.valueOf(key));
  }

  /** Invokes the alias with a batch of a queue: how many records come again, and whether the function failed. */
  private async invoke(bodies: object = []): Promise<Answer> {
    const Records = [bodies].flat().map((body, index) => ({
      messageId: String(index),
      body: JSON.stringify(body),
      eventSource: "aws:sqs",
    }));
    const { alias_arn } = this.all.state.outputs;
    const path = `/2015-03-31/functions/${alias_arn?.value}/invocations`;
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/lambda/aws4_request, SignedHeaders=host, Signature=0";
    const response = await fetch(`${this.all.endpoint}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ Records }),
    });
    const failed = response.headers.get("x-amz-function-error") !== null;
    const answer = (await response.json()) as { batchItemFailures?: readonly object[] };
    return [failed ? Records.length : (answer.batchItemFailures?.length ?? Number.NaN), failed];
  }

  /** The value of an API key of the stack, which only the state has. */
  private valueOf(key: string): string {
    const keys = this.all.state.resources.filter(({ type }) => type === "aws_api_gateway_api_key");
    const attributes = keys.flatMap(({ instances }) => instances.map((one) => one.attributes));
    const found = attributes.find(({ name }) => name?.endsWith(`-dev-${key}`));
    if (found === undefined) throw new Error(`there is no API key ${key}`);
    return found["value"] ?? "";
  }
}

/** What leads the AWS provider to the endpoint. */
function environment(endpoint: string): Record<string, string> {
  return { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}
