import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/project";
import { stateFile } from "../support/terraform-providers";
import { resolveArchives } from "./archives";
import { haveStock } from "./aws-of-plans";
import { type ProviderSchemas, preparedState } from "./prepared-state";
import { givenWorkers, ownWorker } from "./workers";

const terraformRegistry = "registry.terraform.io";

/** What one plan would do. */
export interface Plan {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  /** The resources that it touches: Terraform's word for what it does to them, and what they are. */
  readonly changes: readonly PlannedChange[];
  /** The outputs that would change. */
  readonly outputs: readonly string[];
}

export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** `create`, `update`, `delete`, or two of them for a replacement. */
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** Attributes of `after` that only AWS knows. */
  readonly unknown: readonly string[];
}

/** A plan, and the folder that it was made in. */
interface PlannedStack {
  readonly folder: string;
  readonly json: PlanJson;
}

export interface PlanJson {
  readonly planned_values: {
    readonly outputs?: Record<string, { value?: unknown }>;
    readonly root_module: { readonly resources?: PlannedResource[] };
  };
  readonly prior_state?: {
    readonly values: { readonly root_module?: { readonly resources?: PlannedResource[] } };
  };
  readonly resource_changes: readonly ResourceChange[];
  readonly output_changes?: Record<string, { readonly actions: readonly string[] }>;
}

export interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly values: Record<string, unknown>;
}

/** A resource as a state has it. */
export interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Record<string, unknown> }[];
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    readonly after_unknown: Record<string, unknown>;
  };
}

/** What plans: Terraform, or what stands for it. */
export interface Program {
  readonly name: string;
  /** A folder in which its `init` has installed the providers. */
  readonly initialized: string;
  /** The host that it takes providers from. */
  readonly registry: string;
}

/**
 * The real Terraform with the real AWS provider, without AWS: a state is prepared from a plan, nothing is
 * refreshed, and a server on loopback answers what data sources ask.
 */
export class Terraform {
  private readonly installed = givenWorkers();
  private readonly worker = ownWorker();
  private readonly program: Program;
  private schemas?: Promise<ProviderSchemas>;

  /** @param program @default - the `terraform` of the path */
  constructor(program?: Program) {
    const { initialized } = this.installed;
    this.program = program ?? { name: "terraform", initialized, registry: terraformRegistry };
  }

  /**
   * Plans a synthesized stack where others have been applied, one after the other.
   *
   * @param applied folders of the stacks that were applied. @default - nothing was
   * @param elsewhere changes what is there after that, as somebody else than Terraform would
   */
  async plan(
    stackFolder: string,
    applied: readonly string[] = [],
    elsewhere?: (resources: StateResource[]) => void,
  ): Promise<Plan> {
    const folders = [...applied, stackFolder];
    const { json } =
      elsewhere === undefined ? await this.planned(folders) : await this.planOnce(folders, elsewhere);
    const changes = json.resource_changes.filter(
      ({ mode, change }) => mode === "managed" && !["no-op", "read"].includes(change.actions[0] ?? ""),
    );
    const count = (action: string) => changes.filter(({ change }) => change.actions.includes(action)).length;
    return {
      add: count("create"),
      change: count("update"),
      destroy: count("delete"),
      changes: changes.map(({ address, type, change }) => ({
        address,
        type,
        action: change.actions.join("/"),
        before: change.before ?? {},
        after: change.after ?? {},
        unknown: Object.keys(change.after_unknown).filter((name) => change.after_unknown[name] === true),
      })),
      outputs: Object.entries(json.output_changes ?? {})
        .filter(([, { actions }]) => actions[0] !== "no-op")
        .map(([name]) => name),
    };
  }

  /** The same plan as `terraform show -json` tells it. */
  async planJson(
    stackFolder: string,
    applied: readonly string[] = [],
    elsewhere?: (resources: StateResource[]) => void,
  ): Promise<PlanJson> {
    const folders = [...applied, stackFolder];
    return (await (elsewhere === undefined ? this.planned(folders) : this.planOnce(folders, elsewhere))).json;
  }

  private readonly plans = new Map<string, Promise<PlannedStack>>();

  /** The plan of the last of these stacks where the former were applied; the same one is made once. */
  private planned(stackFolders: readonly string[]): Promise<PlannedStack> {
    const key = stackFolders.join("\n");
    const known = this.plans.get(key) ?? this.planOnce(stackFolders);
    this.plans.set(key, known);
    return known;
  }

  private async planOnce(
    stackFolders: readonly string[],
    elsewhere: (resources: StateResource[]) => void = () => {},
  ): Promise<PlannedStack> {
    const applied = stackFolders.slice(0, -1);
    const stackFolder = stackFolders.at(-1) ?? "";
    const state = applied.length > 0 ? await this.stateAfter(applied) : undefined;
    return this.inTurn(async () => {
      const folder = this.workingFolder(stackFolder);
      const prepared =
        state === undefined ? undefined : (JSON.parse(state) as { resources: StateResource[] });
      if (prepared !== undefined) {
        elsewhere(prepared.resources);
        writeFileSync(join(folder, stateFile), JSON.stringify(prepared));
      }
      await haveStock(this.worker.awsUrl, prepared?.resources ?? []);
      await this.run(folder, [
        "plan",
        "-no-color",
        "-refresh=false",
        "-input=false",
        "-lock=false",
        "-out=plan.bin",
      ]);
      const json = JSON.parse(await this.run(folder, ["show", "-json", "plan.bin"])) as PlanJson;
      return { folder, json };
    });
  }

  private last: Promise<unknown> = Promise.resolve();

  /** Waits for the plans before it: the provider has the configuration of one plan at a time, and AWS its functions. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => {});
    return next;
  }

  private async stateAfter(stackFolders: readonly string[]): Promise<string> {
    const { folder, json } = await this.planned(stackFolders);
    this.schemas ??= this.run(this.program.initialized, ["providers", "schema", "-json"]).then(JSON.parse);
    const configuration = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    return preparedState(json, configuration, await this.schemas, folder);
  }

  private run(cwd: string, args: readonly string[]): Promise<string> {
    const given = Object.entries(this.worker.variables).map(([name, value]) => [
      name,
      value.replaceAll(terraformRegistry, this.program.registry),
    ]);
    const env = { ...process.env, ...Object.fromEntries(given) };
    return new Promise((resolve, reject) => {
      const child = spawn(this.program.name, args, { cwd, env });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk) => output.push(chunk));
      child.stderr.on("data", (chunk) => errors.push(chunk));
      child.on("error", reject);
      child.on("close", (status) => {
        if (status === 0) resolve(Buffer.concat(output).toString());
        else
          reject(
            new Error(`${this.program.name} ${args[0]}: ${Buffer.concat([...errors, ...output]).toString()}`),
          );
      });
    });
  }

  /** A copy of the stack, beside what `terraform init` made once. What the test adds stands in an override file. */
  private workingFolder(stackFolder: string): string {
    const folder = temporaryFolder();
    cpSync(stackFolder, folder, { recursive: true });
    if (!this.installed.withArchive) resolveArchives(folder);
    const { awsUrl } = this.worker;
    writeFileSync(
      join(folder, "test_override.tf.json"),
      JSON.stringify({
        // One place for all stacks, which are initialized once.
        terraform: { backend: { local: { path: stateFile } } },
        provider: {
          aws: {
            access_key: "test",
            secret_key: "test",
            skip_credentials_validation: true,
            skip_metadata_api_check: "true",
            skip_region_validation: true,
            endpoints: [{ sts: awsUrl, iam: awsUrl, ec2: awsUrl, lambda: awsUrl, ssm: awsUrl }],
          },
        },
      }),
    );
    for (const name of [".terraform", ".terraform.lock.hcl"]) {
      cpSync(join(this.program.initialized, name), join(folder, name), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    return folder;
  }
}
