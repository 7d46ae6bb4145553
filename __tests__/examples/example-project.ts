import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Strategy } from "../../src/release/strategies/names";
import { outputOf, projectFolder } from "../support/command";
import { synthesizeProject, temporaryFolder } from "../support/project";
import { release } from "../support/release-command";
import { type Shape, shapes } from "./shapes";

interface ReleaseFile {
  strategy: Strategy;
  versions: object;
  stable: string | number;
  readonly functions?: object;
}

/** The same service where Lambda keeps the versions. */
export interface OtherStrategy {
  readonly strategy: Exclude<Strategy, "canary-stage">;
  /** Of several functions: the number that Lambda gives each where v2 is published. @default - there is one function */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** One service of examples/, with its environment, in a project of its own. */
export class ExampleProject {
  readonly folder = temporaryFolder();
  readonly shape: Shape;

  /** @param other @default - its strategy is that of its file */
  constructor(
    readonly service: string,
    private readonly other?: OtherStrategy,
  ) {
    const shape = shapes[service];
    if (shape === undefined) throw new Error(`there is no example ${service}`);
    this.shape = shape;
    const source = join(projectFolder, shape.project ?? "examples");
    if (shape.build !== undefined)
      execFileSync(join(source, "lambdas", service, shape.build), { stdio: "pipe" });
    for (const path of ["releases/dev/environment.json", this.releaseFile, this.code]) {
      mkdirSync(join(this.folder, path, ".."), { recursive: true });
      cpSync(join(source, path), join(this.folder, path), { recursive: true });
    }
    if (other !== undefined) this.haveLambdaKeepVersions(other);
  }

  /** How the release file names the second version. */
  get second(): string {
    return this.shape.isLambdaVersion || this.other ? "2" : "v2";
  }

  /** Whether Lambda publishes v2 before the file names it. In one deploy it does both as well. */
  get isDeployedBeforeItIsNamed(): boolean {
    return this.shape.isLambdaVersion === true;
  }

  /** Everything that was synthesized last, by path, as a digest. */
  get output(): Record<string, string> {
    return outputOf(this.folder);
  }

  /** The folder of the service's stack, as it was synthesized last. */
  get stackFolder(): string {
    return join(this.folder, "cdktf.out/stacks", `${this.service}-dev`);
  }

  async synthesize(): Promise<void> {
    rmSync(join(this.folder, "cdktf.out"), { recursive: true, force: true });
    await synthesizeProject(this.folder);
  }

  /** Runs a verb that writes the release file. */
  async run(verb: string, ...args: readonly string[]): Promise<void> {
    const command = [verb, `dev/${this.service}`, ...args, "--yes"];
    const { exitCode, stdout, stderr } = await release(this.folder, command);
    if (exitCode !== 0) throw new Error(stdout + stderr);
  }

  /** Has the code of v2, and what it brings beside its folder. */
  bringSecond(): void {
    if (this.other !== undefined) this.takeCodeOf("v2");
    for (const [file, from, to] of this.shape.edits ?? []) this.edit(file, (text) => text.replace(from, to));
  }

  /** Records v2 in the release file, with the settings that it alone has. */
  async publish(): Promise<void> {
    const numbers = Object.entries(this.other?.numbers ?? {}).map((one) => one.join("="));
    await this.run("publish", this.second, ...numbers.flatMap((one) => ["--lambda-version", one]));
    const { settings } = this.shape;
    if (settings === undefined || this.other) return;
    this.edit(this.releaseFile, (text) => {
      const file = JSON.parse(text);
      file.versions.v2.settings = settings;
      return JSON.stringify(file);
    });
  }

  private get releaseFile(): string {
    return `releases/dev/${this.service}.json`;
  }

  private get code(): string {
    return `lambdas/${this.service}`;
  }

  private get file(): ReleaseFile {
    return JSON.parse(readFileSync(join(this.folder, this.releaseFile), "utf8"));
  }

  /** The folder of v1 becomes the service's own, and v2 an edit of it. */
  private haveLambdaKeepVersions({ strategy, numbers }: OtherStrategy): void {
    const { versions, ...file } = this.file;
    const { fingerprint } = (versions as Record<string, { fingerprint?: string }>)["v1"] ?? {};
    const lambdaVersions = numbers && Object.fromEntries(Object.keys(numbers).map((one) => [one, 1]));
    const first = { ...(fingerprint && { fingerprint }), ...(lambdaVersions && { lambdaVersions }) };
    writeFileSync(
      join(this.folder, this.releaseFile),
      JSON.stringify({ ...file, strategy, versions: { 1: first }, stable: 1 }),
    );
    mkdirSync(join(this.folder, "versions"));
    for (const version of ["v1", "v2"])
      renameSync(join(this.folder, this.code, version), join(this.folder, "versions", version));
    this.takeCodeOf("v1");
  }

  private takeCodeOf(version: "v1" | "v2"): void {
    cpSync(join(this.folder, "versions", version), join(this.folder, this.code), { recursive: true });
  }

  private edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    const changed = change(text);
    if (changed === text) throw new Error(`nothing of ${file} is changed`);
    writeFileSync(path, changed);
  }
}
