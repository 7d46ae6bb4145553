import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../support/project";
import { type ProviderProcess, startProvider } from "../support/provider-process";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { resolveArchives } from "./archives";
import { type ProviderSchemas, preparedState } from "./prepared-state";

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

const stateFile = "terraform.tfstate";

/**
 * The real Terraform with the real AWS provider, without AWS: a state is prepared from a plan, nothing is
 * refreshed, and a server on loopback says who the caller is.
 */
export class Terraform {
  /** Whether the archive provider could be installed, so that the stacks are planned as they are. */
  readonly hasArchiveProvider: boolean;
  private readonly initialized: string;
  private schemas?: Promise<ProviderSchemas>;

  /** Why there is no Terraform with an AWS provider here, or the two. */
  static async find(stackFolder: string): Promise<Terraform | string> {
    const identity = await callerIdentityServer();
    const hasArchiveProvider = canInstallArchiveProvider();
    const found = initialize(stackFolder, identity.url, !hasArchiveProvider);
    if (typeof found === "string") {
      identity.close();
      return `terraform init fails: ${found}`;
    }
    const provider = await startProvider(found.folder);
    return new Terraform(found.folder, identity, provider, hasArchiveProvider);
  }

  private constructor(
    initialized: string,
    private readonly identity: { readonly url: string; readonly close: () => void },
    private readonly provider: ProviderProcess,
    hasArchiveProvider: boolean,
  ) {
    this.initialized = initialized;
    this.hasArchiveProvider = hasArchiveProvider;
  }

  close(): void {
    this.provider.stop();
    this.identity.close();
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
    elsewhere?: (resources: readonly StateResource[]) => void,
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
  async planJson(stackFolder: string, applied: readonly string[] = []): Promise<PlanJson> {
    return (await this.planned([...applied, stackFolder])).json;
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
    elsewhere: (resources: readonly StateResource[]) => void = () => {},
  ): Promise<PlannedStack> {
    const applied = stackFolders.slice(0, -1);
    const stackFolder = stackFolders.at(-1) ?? "";
    const state = applied.length > 0 ? await this.stateAfter(applied) : undefined;
    const folder = this.workingFolder(stackFolder);
    if (state !== undefined) {
      const prepared = JSON.parse(state) as { resources: readonly StateResource[] };
      elsewhere(prepared.resources);
      writeFileSync(join(folder, stateFile), JSON.stringify(prepared));
    }
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
  }

  private async stateAfter(stackFolders: readonly string[]): Promise<string> {
    const { folder, json } = await this.planned(stackFolders);
    this.schemas ??= this.run(this.initialized, ["providers", "schema", "-json"]).then(JSON.parse);
    const configuration = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    return preparedState(json, configuration, await this.schemas, folder);
  }

  private run(cwd: string, args: readonly string[]): Promise<string> {
    const env = { ...process.env, ...this.provider.variables };
    return new Promise((resolve, reject) => {
      const child = spawn("terraform", args, { cwd, env });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk) => output.push(chunk));
      child.stderr.on("data", (chunk) => errors.push(chunk));
      child.on("error", reject);
      child.on("close", (status) => {
        if (status === 0) resolve(Buffer.concat(output).toString());
        else reject(new Error(`terraform ${args[0]}: ${Buffer.concat([...errors, ...output]).toString()}`));
      });
    });
  }

  /** A copy of the stack, beside what `terraform init` made once. */
  private workingFolder(stackFolder: string): string {
    const folder = copyStack(stackFolder, this.identity.url, !this.hasArchiveProvider);
    for (const name of [".terraform", ".terraform.lock.hcl"]) {
      cpSync(join(this.initialized, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
    }
    return folder;
  }
}

function initialize(stackFolder: string, identityUrl: string, withoutArchive: boolean) {
  const folder = copyStack(stackFolder, identityUrl, withoutArchive);
  const { status, stderr } = spawnSync("terraform", ["init", "-input=false", "-no-color"], {
    cwd: folder,
    encoding: "utf8",
  });
  return status === 0 && existsSync(join(folder, ".terraform")) ? { folder } : stderr.trim();
}

/** Keeps the JSON as it was synthesized: what the test adds stands in an override file. */
function copyStack(stackFolder: string, identityUrl: string, withoutArchive: boolean): string {
  const folder = temporaryFolder();
  cpSync(stackFolder, folder, { recursive: true });
  if (withoutArchive) resolveArchives(folder);
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
          endpoints: [{ sts: identityUrl, iam: identityUrl, ec2: identityUrl }],
        },
      },
    }),
  );
  return folder;
}

/** What a region of three zones answers to DescribeAvailabilityZones. */
const zones = `<DescribeAvailabilityZonesResponse><availabilityZoneInfo>${["a", "b", "c"]
  .map((zone) => `<item><zoneName>eu-central-1${zone}</zoneName><zoneId>euc1-az-${zone}</zoneId></item>`)
  .join("")}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`;

/** Answers every request as STS answers GetCallerIdentity, in the partition of the region that asks, and tells its zones. */
function callerIdentityServer(): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    const region = /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const partition = region.startsWith("cn-")
      ? "aws-cn"
      : region.startsWith("us-gov-")
        ? "aws-us-gov"
        : region.startsWith("eusc-")
          ? "aws-eusc"
          : "aws";
    const asked = Buffer.concat(await request.toArray()).toString();
    if (asked.includes("Action=DescribeAvailabilityZones")) {
      response.writeHead(200, { "content-type": "text/xml" }).end(zones);
      return;
    }
    response
      .writeHead(200, { "content-type": "text/xml" })
      .end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:${partition}:iam::123456789012:user/test</Arn>` +
          "<UserId>TEST</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, close: () => server.close() });
    });
  });
}
