import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Unable } from "../release/files/project";
import { outputFolder } from "../synth/output-folder";
import { lockCommand, lockFile, ProviderLock } from "../synth/provider-lock";
import { terraformBinary } from "../synth/terraform-binary";
import type { PlanJson } from "./plan-summary";

const planFile = "plan.tfplan";

export interface PlannedStack {
  readonly stack: string;
  /** Path of what `terraform show -json` says of the plan. It may hold secrets, so it stays where it is. */
  readonly file: string;
  readonly json: PlanJson;
  /** What the state is known by to whoever may read it; nothing before the first deploy. */
  readonly lineage: string;
  /** Whether there is anything to apply, be it an output alone. */
  readonly isEmpty: boolean;
}

/** What a synthesized stack says of its providers. */
interface StackJson {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly source: string }>>;
  };
}

/** Terraform in the folder of a synthesized stack. It says what it does only where it fails. */
export class StackFolder {
  private readonly folder: string;

  /** @param output where it was synthesized. @default - where the project's app writes */
  constructor(
    project: string,
    readonly stack: string,
    output = outputFolder(project),
  ) {
    this.folder = join(output, "stacks", stack);
    if (!existsSync(this.folder))
      throw new Unable(`${this.folder} does not exist: run npx lambda-release synth`);
  }

  /** @throws {Unable} where a provider would be taken as it comes: the lock file has no hash of it */
  init(): void {
    const { terraform = {} } = this.synthesized();
    const sources = Object.values(terraform.required_providers ?? {}).map(({ source }) => source);
    const missing = ProviderLock.parse(this.textOf(lockFile) ?? "").missing(sources);
    if (missing.length > 0)
      throw new Unable(
        `${this.stack}: ${lockFile} has no hashes of ${missing.join(" and ")}: run '${lockCommand()}' and commit the file`,
      );
    this.run("init", "-input=false", "-no-color");
  }

  /** What was synthesized of the stack. */
  synthesized(): StackJson {
    return JSON.parse(this.textOf("cdk.tf.json") ?? "{}") as StackJson;
  }

  /** @param lock whether the state is locked meanwhile, which whoever only reads cannot do */
  plan({ lock }: { readonly lock: boolean }): PlannedStack {
    const options = ["-input=false", "-no-color", `-lock=${lock}`, "-detailed-exitcode", `-out=${planFile}`];
    const isEmpty = this.run("plan", ...options).status === 0;
    const text = this.run("show", "-json", planFile).stdout;
    const file = join(this.folder, "plan.json");
    writeFileSync(file, text);
    const json = JSON.parse(text) as PlanJson;
    return { stack: this.stack, file, json, lineage: this.lineage(), isEmpty };
  }

  /** A random name that Terraform gave the state when it made it: plans and logs do not tell it. */
  private lineage(): string {
    const state = this.run("state", "pull").stdout;
    return state.trim() === "" ? "" : ((JSON.parse(state) as { lineage?: string }).lineage ?? "");
  }

  /** Applies the plan that was made last, and nothing else. */
  apply(): void {
    this.run("apply", "-input=false", "-no-color", planFile);
  }

  outputs(): Record<string, unknown> {
    const outputs = JSON.parse(this.run("output", "-json").stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  private textOf(name: string): string | undefined {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  private run(command: string, ...options: readonly string[]) {
    const { status, stdout, stderr, error } = spawnSync(terraformBinary(), [command, ...options], {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
      maxBuffer: 2 ** 29,
    });
    if (error !== undefined) throw new Unable(`${terraformBinary()} cannot be run: ${error.message}`);
    // 2 is `plan -detailed-exitcode`, where there is something to apply.
    if (status === 0 || (command === "plan" && status === 2)) return { status, stdout };
    throw new Unable(`${this.stack}: ${terraformBinary()} ${command} fails:\n${(stderr || stdout).trim()}`);
  }
}
