import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { resolveArchives } from "../plans/archives";
import { copyOfProject, type Finished, type Running, run, start } from "../support/command";
import { type Files, temporaryFolder, writeFiles } from "../support/project";
import { type ProviderProcess, startProvider } from "../support/provider-process";

/** What Terraform says of a deploy, a diff or a destroy. */
export interface Summary {
  /** Left out where nothing is imported. */
  readonly import?: number;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

interface State {
  readonly outputs: Record<string, { readonly value: unknown }>;
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly instances: readonly { readonly attributes: Record<string, unknown> }[];
  }[];
}

/** A copy of this project, with one service, that the real cdktf and Terraform deploy to an endpoint. */
export class DeployedProject {
  readonly folder: string;
  private provider?: ProviderProcess;

  /**
   * @param stack name of the stack
   * @param hasArchiveProvider whether the stacks are deployed as they are
   * @param otherEndpoints variables that lead services of AWS's to other endpoints. @default - none
   */
  constructor(
    private readonly endpoint: string,
    readonly stack: string,
    private readonly hasArchiveProvider: boolean,
    private readonly otherEndpoints: Readonly<Record<string, string>> = {},
  ) {
    this.folder = copyOfProject([`dev/${stack.replace(/-dev$/, "")}`]);
  }

  /** Changes files and synthesizes. */
  async write(files: Files): Promise<void> {
    writeFiles(this.folder, files);
    const { exitCode, stderr } = await run(this.folder, "node", ["bin.js", "synth"]);
    if (exitCode !== 0) throw new Error(stderr);
    if (!this.hasArchiveProvider) resolveArchives(this.stackFolder);
  }

  get stackFolder(): string {
    return join(this.folder, "cdktf.out/stacks", this.stack);
  }

  deploy(): Promise<Summary> {
    return this.cdktf("deploy", "--auto-approve", "--skip-synth");
  }

  diff(): Promise<Summary> {
    return this.cdktf("diff", "--skip-synth");
  }

  async destroy(): Promise<Summary> {
    const summary = await this.cdktf("destroy", "--auto-approve", "--skip-synth");
    this.provider?.stop();
    this.provider = undefined;
    return summary;
  }

  /** A deploy or a diff that may fail. */
  attempt(command: "deploy" | "diff"): Promise<Finished> {
    const approved = command === "deploy" ? ["--auto-approve"] : [];
    return this.finish([command, ...approved, "--skip-synth"]);
  }

  /** Starts a deploy that may be ended before it is finished: its AWS provider is its own and ends with it. */
  startDeploy(): Running {
    return this.start(["deploy", "--auto-approve", "--skip-synth"]);
  }

  /** Runs a command of cdktf, and reads Terraform's last word. @throws with its whole output when it fails */
  private async cdktf(command: string, ...options: string[]): Promise<Summary> {
    const output = join(temporaryFolder(), "output");
    const variables = { TERRAFORM_BINARY_NAME: teeingTerraform(), TERRAFORM_OUTPUT: output };
    const { exitCode, stdout, stderr } = await this.finish([command, ...options], variables);
    if (exitCode !== 0) throw new Error(`cdktf ${command}: ${stdout}${stderr}`);
    return summaryOf(readFileSync(output, "utf8"));
  }

  /** Runs a command of cdktf to its end. The first one installs the AWS provider that serves all after it. */
  private async finish(
    command: readonly [string, ...string[]],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Finished> {
    const finished = await this.start(command, { ...this.provider?.variables, ...variables }).finished;
    this.provider ??= await startProvider(this.stackFolder, this.environment);
    return finished;
  }

  private start(
    [command, ...options]: readonly [string, ...string[]],
    more: Readonly<Record<string, string>> = {},
  ): Running {
    const variables = { ...this.environment, ...more };
    return start(this.folder, "node_modules/.bin/cdktf", [command, this.stack, ...options], variables);
  }

  /** Runs the release command. */
  release(...args: string[]): Promise<Finished> {
    return this.startRelease(...args).finished;
  }

  /** Runs a verb that writes the release file, and deploys what it has written. @throws when the verb is refused */
  async deployAfter(...verb: string[]): Promise<Summary> {
    const { exitCode, stdout, stderr } = await this.release(...verb, "--yes");
    if (exitCode !== 0) throw new Error(stdout + stderr);
    await this.write({});
    return this.deploy();
  }

  startRelease(...args: string[]): Running {
    return start(this.folder, "node", ["bin.js", ...args], this.environment);
  }

  /** A file of the project. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** What leads the AWS provider to the endpoint. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      ...this.otherEndpoints,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  }

  output(name: string): unknown {
    return this.state.outputs[name]?.value;
  }

  /** The attributes of every resource of a type. */
  attributes(type: string): Record<string, unknown>[] {
    return this.state.resources
      .filter((resource) => resource.mode === "managed" && resource.type === type)
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
  }

  private get state(): State {
    return JSON.parse(
      readFileSync(join(this.folder, "terraform-state", `${this.stack}.tfstate`), "utf8"),
    ) as State;
  }

  /** The address of the deployed stage at the endpoint. */
  get url(): string {
    return `${this.endpoint}/_aws/execute-api/${this.output("api_id")}/${this.output("stage")}`;
  }
}

let teeing: string | undefined;

/** cdktf loses the end of what Terraform prints in one of some fifteen runs: this Terraform writes it to a file too. */
function teeingTerraform(): string {
  if (teeing !== undefined) return teeing;
  teeing = join(temporaryFolder(), "terraform");
  const lines = ["#!/bin/bash", "set -o pipefail", 'terraform "$@" | tee -a "$TERRAFORM_OUTPUT"', ""];
  writeFileSync(teeing, lines.join("\n"), { mode: 0o755 });
  return teeing;
}

function summaryOf(output: string): Summary {
  const text = stripVTControlCharacters(output);
  const counts = (pattern: RegExp) =>
    [...text.matchAll(pattern)]
      .at(-1)
      ?.slice(1)
      .map((count) => Number(count ?? 0));
  const planned = counts(/Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/g);
  const applied = counts(/Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed/g);
  const destroyed = counts(/Destroy complete! Resources: (\d+) destroyed/g);
  const all = applied ?? (destroyed && [0, 0, 0, ...destroyed]) ?? planned ?? [];
  const [imported = 0, add = 0, change = 0, destroy = 0] = all;
  return { ...(imported > 0 && { import: imported }), add, change, destroy };
}
