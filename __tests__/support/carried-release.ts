import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import type { ApplySummary } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { projectFolder } from "./command";
import { synthesizeProject, temporaryFolder } from "./project";
import { release } from "./release-command";

export interface Asked {
  /** `GET /orders/7` */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the API key that is sent. @default - none is */
  readonly key?: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** A status, and a body as JSON. */
export type Answer = readonly [number, unknown];

/** The environment and one service of the project in examples/, in a folder of their own. */
export function copyOfExample(service: string): string {
  const project = temporaryFolder();
  const examples = join(projectFolder, "examples");
  for (const path of [
    "releases/dev/environment.json",
    `releases/dev/${service}.json`,
    `lambdas/${service}`,
  ]) {
    mkdirSync(join(project, path, ".."), { recursive: true });
    cpSync(join(examples, path), join(project, path), { recursive: true });
  }
  return project;
}

/** A service that is carried through a release by the verbs of the command, each rehearsed. */
export class CarriedRelease {
  readonly logs: string[] = [];
  private readonly rehearsal: Rehearsal;
  private url = "";

  private constructor(
    readonly project: string,
    private readonly service: string,
  ) {
    this.rehearsal = new Rehearsal({
      random: seededRandom(1),
      onRequest: () => {},
      onLog: (_, line) => this.logs.push(line),
    });
  }

  /** Its first version is there, and serves everybody. */
  static async of(service: string, project = copyOfExample(service)): Promise<CarriedRelease> {
    const carried = new CarriedRelease(project, service);
    await carried.deploy();
    carried.url = await carried.rehearsal.listen();
    return carried;
  }

  /** Runs a verb that writes the release file. */
  async run(verb: string, ...args: readonly string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await release(this.project, [
      verb,
      `dev/${this.service}`,
      ...args,
      "--yes",
    ]);
    if (exitCode !== 0) throw new Error(stdout + stderr);
  }

  /** Changes a file by hand. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.project, file);
    const text = readFileSync(path, "utf8");
    const changed = change(text);
    if (changed === text) throw new Error(`nothing of ${file} is changed`);
    writeFileSync(path, changed);
  }

  /** Synthesizes the project, and applies the service's stack. */
  async deploy(): Promise<ApplySummary> {
    await synthesizeProject(this.project);
    return this.rehearsal.apply(readConfiguration(join(this.stackFolder, "cdk.tf.json")));
  }

  async ask({ request, headers, key, body }: Asked): Promise<Answer> {
    const [method, path] = request.split(" ");
    const response = await fetch(`${this.url}/dev${path}`, {
      method,
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(key && { "x-api-key": this.valueOf(key) }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    return [response.status, await response.json()];
  }

  /** Its stack as it was synthesized last. */
  get stackFolder(): string {
    return join(this.project, "cdktf.out/stacks", `${this.service}-dev`);
  }

  private valueOf(key: string): string {
    const plans = this.rehearsal.api.stages.flatMap(({ usagePlans }) => usagePlans);
    const found = plans.flatMap(({ keys }) => keys).find(({ name }) => name === `${this.service}-dev-${key}`);
    if (found === undefined) throw new Error(`there is no API key ${key}`);
    return found.value;
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }
}
