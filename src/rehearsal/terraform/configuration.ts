import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { references } from "./expression";
import { isPassedOver } from "./passed-over-types";
import { comparedIn, type Precondition, preconditionsOf } from "./precondition";

export type Arguments = Readonly<Record<string, unknown>>;

/** One resource or data source of a stack. */
export interface Block {
  /** `aws_lambda_function.x` or `data.archive_file.x`. */
  readonly address: string;
  /** Path of its construct, as cdktf writes it: `shop-dev/triggers/orders/mapping`. @default - not by cdktf */
  readonly path?: string;
  readonly type: string;
  readonly arguments: Arguments;
  /** Addresses of what must be there before. */
  readonly dependencies: readonly string[];
  /** Whether Terraform takes it away after what refers to it was changed. */
  readonly createBeforeDestroy: boolean;
  readonly preconditions: readonly Precondition[];
  /** Arguments that are only for making it: what they are afterwards is somebody else's to say. */
  readonly ignoredChanges: readonly string[];
}

/** A synthesized stack, as Terraform would read it. */
export interface Configuration {
  /** The folder that paths of the stack are relative to. */
  readonly folder: string;
  /** Resources and data sources, each after what it depends on. */
  readonly blocks: readonly Block[];
  /** Addresses that Terraform forgets, and leaves in AWS. */
  readonly forgotten: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Arguments of the AWS provider. */
  readonly awsProvider: Arguments;
}

interface StackJson {
  readonly resource?: Record<string, Record<string, Arguments>>;
  readonly data?: Record<string, Record<string, Arguments>>;
  readonly module?: Record<string, Arguments>;
  readonly removed?: readonly {
    readonly from: string;
    readonly lifecycle?: { readonly destroy?: boolean };
  }[];
  readonly output?: Record<string, { readonly value: unknown }>;
  readonly provider?: Record<string, Arguments[]>;
}

interface Lifecycle {
  readonly create_before_destroy?: boolean;
  readonly ignore_changes?: readonly string[] | "all";
}

/** Arguments that tell Terraform how to go about a block, and AWS nothing. */
const metaArguments = ["//", "depends_on", "lifecycle", "provider"];

/** @param file path of a `cdk.tf.json` */
export function readConfiguration(file: string): Configuration {
  return parseConfiguration(JSON.parse(readFileSync(file, "utf8")), dirname(file));
}

/**
 * A stack by its name.
 *
 * @param outputFolder where the app wrote
 */
export function readStack(outputFolder: string, stack: string): Configuration {
  const files = stackFiles(outputFolder);
  const file = files.get(stack);
  if (file === undefined || !existsSync(file)) {
    throw new Error(`there is no stack '${stack}'; there are ${[...files.keys()].join(", ")}`);
  }
  return readConfiguration(file);
}

export function parseConfiguration(json: StackJson, folder: string): Configuration {
  const modules = json.module && { module: json.module };
  const blocks = [...blocksOf(json.data, "data."), ...blocksOf(json.resource, ""), ...blocksOf(modules, "")];
  return {
    folder,
    blocks: inDependencyOrder(blocks),
    forgotten: (json.removed ?? [])
      .filter(({ lifecycle }) => lifecycle?.destroy === false)
      .map(({ from }) => from),
    outputs: Object.fromEntries(Object.entries(json.output ?? {}).map(([name, { value }]) => [name, value])),
    awsProvider: json.provider?.["aws"]?.[0] ?? {},
  };
}

/** Every stack that the output folder's manifest names, with the path of its JSON. */
export function stackFiles(outputFolder: string): Map<string, string> {
  const manifest = JSON.parse(readFileSync(join(outputFolder, "manifest.json"), "utf8")) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return new Map(
    Object.entries(manifest.stacks).map(([name, stack]) => [
      name,
      join(outputFolder, stack.synthesizedStackPath),
    ]),
  );
}

function blocksOf(types: StackJson["resource"], prefix: string): Block[] {
  return Object.entries(types ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => {
      const dependsOn = (block["depends_on"] as string[] | undefined) ?? [];
      const lifecycle = block["lifecycle"] as Lifecycle | undefined;
      const preconditions = preconditionsOf(lifecycle);
      const { metadata } = (block["//"] ?? {}) as { readonly metadata?: { readonly path?: string } };
      return {
        address: `${prefix}${type}.${name}`,
        ...(metadata?.path !== undefined && { path: metadata.path }),
        type,
        arguments: Object.fromEntries(Object.entries(block).filter(([key]) => !metaArguments.includes(key))),
        dependencies: [
          ...new Set([...dependsOn, ...references(block), ...references(preconditions.map(comparedIn))]),
        ],
        createBeforeDestroy: lifecycle?.create_before_destroy === true,
        preconditions,
        ignoredChanges: ignoredChanges(`${prefix}${type}.${name}`, type, lifecycle),
      };
    }),
  );
}

/** @throws on what is no plain argument, unless no request notices the type */
function ignoredChanges(
  address: string,
  type: string,
  { ignore_changes = [] }: Lifecycle = {},
): readonly string[] {
  const isPlain = Array.isArray(ignore_changes) && ignore_changes.every((one) => /^[a-z_]+$/.test(one));
  if (isPlain) return ignore_changes;
  if (isPassedOver(type)) return [];
  throw new Error(
    `${address}: 'ignore_changes' must name arguments, and parts of them or all are not understood, got ${JSON.stringify(ignore_changes)}`,
  );
}

function inDependencyOrder(blocks: readonly Block[]): Block[] {
  const byAddress = new Map(blocks.map((block) => [block.address, block]));
  const ordered = new Set<Block>();
  const visit = (block: Block, above: readonly string[]) => {
    if (above.includes(block.address)) throw new Error(`cycle: ${[...above, block.address].join(" -> ")}`);
    for (const address of block.dependencies) {
      const dependency = byAddress.get(address);
      if (dependency === undefined)
        throw new Error(`${block.address} refers to ${address}, which does not exist`);
      visit(dependency, [...above, block.address]);
    }
    ordered.add(block);
  };
  for (const block of blocks) visit(block, []);
  return [...ordered];
}
