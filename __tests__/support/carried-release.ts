import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import type { ApplySummary } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { projectFolder } from "./command";
import { synthesizeProject, temporaryFolder } from "./project";
import { release } from "./release-command";

/** A request, and what a version answers: its status, and its body as JSON. */
export interface Asked {
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

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
    await carried.apply();
    carried.url = await carried.rehearsal.listen();
    return carried;
  }

  /** Runs a verb that writes the release file, and applies what is synthesized of it. */
  async verb(name: string, ...args: readonly string[]): Promise<ApplySummary> {
    const printed = await release(this.project, [name, `dev/${this.service}`, ...args, "--yes"]);
    if (printed.exitCode !== 0) throw new Error(printed.stderr + printed.stdout);
    return this.apply();
  }

  /** The answer to `GET /path`: its status, and its body as JSON. */
  async ask({ request, headers, body }: Asked): Promise<readonly [number, unknown]> {
    const [method, path] = request.split(" ");
    const response = await fetch(`${this.url}/dev${path}`, {
      method,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return [response.status, text === "" ? "" : JSON.parse(text)];
  }

  /** Its stack as it was synthesized last. */
  get stackFolder(): string {
    return join(this.project, "cdktf.out/stacks", `${this.service}-dev`);
  }

  close(): Promise<void> {
    return this.rehearsal.close();
  }

  private async apply(): Promise<ApplySummary> {
    await synthesizeProject(this.project);
    return this.rehearsal.apply(readConfiguration(join(this.stackFolder, "cdk.tf.json")));
  }
}
