import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../support/command";
import { synthesizeProject, temporaryFolder } from "../support/project";
import { release } from "../support/release-command";
import { type Example, examples } from "./expected-answers";

/** Runs a service's own build in examples/, as a user does. */
export function runBuild(service: string, script: string): void {
  execFileSync(join(exampleFolder(service), "lambdas", service, script), { stdio: "pipe" });
}

/** The project that a service of examples/ stands in. */
export function exampleFolder(service: string): string {
  return join(projectFolder, examples[service]?.project ?? "examples");
}

/** One service of the project in examples/, with its environment, in a project of its own. */
export class ExampleProject {
  private readonly project = temporaryFolder();

  constructor(readonly service: string) {
    if (this.example.build !== undefined) runBuild(service, this.example.build);
    for (const path of ["releases/dev/environment.json", this.releaseFile, `lambdas/${service}`]) {
      mkdirSync(join(this.project, path, ".."), { recursive: true });
      cpSync(join(exampleFolder(service), path), join(this.project, path), { recursive: true });
    }
  }

  /** Runs a verb that writes the release file. */
  async run(verb: string, ...args: readonly string[]): Promise<void> {
    const command = [verb, `dev/${this.service}`, ...args, "--yes"];
    const { exitCode, stdout, stderr } = await release(this.project, command);
    if (exitCode !== 0) throw new Error(stdout + stderr);
  }

  private get example(): Partial<Example> {
    return examples[this.service] ?? {};
  }

  /** How the release file names the second version. */
  get second(): string {
    return this.example.isLambdaVersion === true ? "2" : "v2";
  }

  /**
   * Publishes the second version, with what it brings beside its folder.
   *
   * @param deploy where Lambda keeps the versions, its code is deployed before the file names it
   */
  async publish(deploy: () => Promise<unknown>): Promise<void> {
    const { edits = [], settings, isLambdaVersion } = this.example;
    for (const [file, from, to] of edits) this.edit(file, (text) => text.replace(from, to));
    if (isLambdaVersion) await deploy();
    await this.run("publish", this.second);
    if (settings === undefined) return;
    this.edit(this.releaseFile, (text) => {
      const file = JSON.parse(text);
      file.versions.v2.settings = settings;
      return JSON.stringify(file);
    });
  }

  /** @param outdir where stacks are written. @returns the folder of the service's stack */
  async synthesize(outdir = join(this.project, "cdktf.out")): Promise<string> {
    await synthesizeProject(this.project, outdir);
    return join(outdir, "stacks", `${this.service}-dev`);
  }

  private get releaseFile(): string {
    return `releases/dev/${this.service}.json`;
  }

  private edit(file: string, change: (text: string) => string): void {
    const path = join(this.project, file);
    const text = readFileSync(path, "utf8");
    const changed = change(text);
    if (changed === text) throw new Error(`nothing of ${file} is changed`);
    writeFileSync(path, changed);
  }
}
