import { isDeepStrictEqual } from "node:util";
import { generatedId } from "../account";
import { type BlockType, type PassedOver, type Place, placeOf } from "./block-type";
import type { Arguments, Block, Configuration } from "./configuration";
import { evaluated, resolve } from "./expression";
import { checkNoPlaceholder, placeholder } from "./placeholder";
import { checkPrecondition } from "./precondition";
import { contentOf, type PublishedVersion, publish, versionAttributes } from "./published-versions";
import { blockType } from "./resource-types";

/** A resource or data source as it is after an apply. */
export interface Applied {
  readonly address: string;
  /** Path of its construct, as cdktf writes it: `shop-dev/triggers/orders/mapping`. @default - not by cdktf */
  readonly path?: string;
  readonly type: string;
  /** Its arguments, resolved, and what AWS added. */
  readonly attributes: Arguments;
  /** How often it was made anew, counted from 0. */
  readonly generation: number;
  /** For an API Gateway deployment: the API at the apply that made it. */
  readonly snapshot?: ApiSnapshot;
  /** For what no request notices. @default - it is rehearsed */
  readonly passedOver?: PassedOver;
  /** For a Lambda function: each version that was published of it, the first one first. */
  readonly versions?: readonly PublishedVersion[];
}

/** What a deployment keeps of its API. */
export interface ApiSnapshot {
  /** The definition, in OpenAPI. */
  readonly body: string;
  /** The resource policy, in JSON. @default - everybody may call */
  readonly policy?: string;
}

/** What an apply did, in Terraform's words. */
export interface ApplySummary {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly destroyed: readonly string[];
  /** Versions that Lambda published. @default - none */
  readonly published?: readonly Publication[];
  /** The resources that are there and that no request notices. @default - none */
  readonly passedOver?: readonly PassedOverResource[];
}

export interface PassedOverResource extends PassedOver {
  readonly type: string;
}

export interface Publication {
  readonly functionName: string;
  readonly version: string;
}

/**
 * What is there after one apply after another: the memory that AWS has. A deployment keeps the API from the
 * apply that made it, and a published version its function.
 */
export class AppliedState {
  static readonly empty = new AppliedState(new Map(), placeOf({}, "."), {});

  private constructor(
    readonly blocks: ReadonlyMap<string, Applied>,
    readonly place: Place,
    readonly outputs: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * The state after `configuration` is applied to this one, which stays as it is.
   *
   * @throws on what the rehearsal does not know, a precondition refuses, or AWS does
   */
  apply(configuration: Configuration): { state: AppliedState; summary: ApplySummary } {
    const place = placeOf(configuration.awsProvider, configuration.folder);
    const blocks = new Map<string, Applied>();
    for (const block of configuration.blocks)
      blocks.set(block.address, this.applyBlock(block, blocks, place));
    const state = new AppliedState(blocks, place, resolveOutputs(configuration, blocks));
    return { state, summary: this.compare(state, configuration.forgotten) };
  }

  /**
   * The state where somebody changed a resource without Terraform: what AWS then has, and what the next apply finds.
   *
   * @param changed attributes; those that are `undefined` are there no more
   */
  changedBeside(address: string, changed: Arguments): AppliedState {
    const block = this.blocks.get(address);
    if (block === undefined) throw new Error(`there is no ${address}`);
    const attributes = Object.fromEntries(
      Object.entries({ ...block.attributes, ...changed }).filter(([, value]) => value !== undefined),
    );
    const blocks = new Map(this.blocks).set(address, { ...block, attributes });
    return new AppliedState(blocks, this.place, this.outputs);
  }

  /** The resources of a type, and no data sources. */
  ofType(type: string): Applied[] {
    return [...this.blocks.values()].filter((one) => one.type === type && !one.address.startsWith("data."));
  }

  private applyBlock(block: Block, applied: ReadonlyMap<string, Applied>, place: Place): Applied {
    const { address, type, ignoredChanges } = block;
    const known = blockType(address, type, block.arguments);
    const before = this.blocks.get(address);
    const given = within(address, () => resolvedArguments(block, known, applied, place));
    const replaced = before !== undefined && isReplaced(type, before.attributes, given);
    const kept = replaced ? undefined : before;
    const args = { ...stayingOf(type, before), ...unchanged(given, kept, ignoredChanges) };
    const generation = before === undefined ? 0 : before.generation + (replaced ? 1 : 0);
    const id = generatedId(`${address}#${generation}`, type === "aws_api_gateway_deployment" ? 6 : 10);
    const attributes = {
      ...args,
      ...known.attributes(args, id, place, generation),
      ...(address.startsWith("data.aws_ssm_parameter.") && parameterNamed(args["name"], applied)),
    };
    const made = {
      address,
      ...(block.path !== undefined && { path: block.path }),
      type,
      generation,
      attributes,
      ...(known.passedOver && { passedOver: known.passedOver }),
    };
    if (type === "aws_api_gateway_deployment") {
      return { ...made, snapshot: kept === undefined ? snapshotOf(args, applied) : kept.snapshot };
    }
    if (type !== "aws_lambda_function") return made;
    const versions = publish(kept?.versions ?? [], contentOf(attributes, applied.values()));
    return { ...made, attributes: { ...attributes, ...versionAttributes(attributes, versions) }, versions };
  }

  private compare(after: AppliedState, forgotten: readonly string[]): ApplySummary {
    const isResource = (address: string) => !address.startsWith("data.");
    const before = [...this.blocks.values()].filter(({ address }) => isResource(address));
    const now = [...after.blocks.values()].filter(({ address }) => isResource(address));
    const isNew = (one: Applied) => this.blocks.get(one.address)?.generation !== one.generation;
    const isGone = (one: Applied) => after.blocks.get(one.address)?.generation !== one.generation;
    const differs = (one: Applied) =>
      !isDeepStrictEqual(this.blocks.get(one.address)?.attributes, one.attributes);
    const published = now.flatMap((one) => this.publicationsOf(one));
    const passedOver = now.flatMap(({ type, passedOver }) => (passedOver ? [{ type, ...passedOver }] : []));
    return {
      added: now.filter(isNew).map(({ address }) => address),
      changed: now.filter((one) => !isNew(one) && differs(one)).map(({ address }) => address),
      destroyed: before
        .filter((one) => isGone(one) && !forgotten.includes(one.address))
        .map(({ address }) => address),
      ...(published.length > 0 && { published }),
      ...(passedOver.length > 0 && { passedOver }),
    };
  }

  /** The version that an apply published of a function. */
  private publicationsOf({ address, attributes, generation, versions = [] }: Applied): Publication[] {
    const before = this.blocks.get(address);
    const known = before?.generation === generation ? (before.versions ?? []) : [];
    const functionName = String(attributes["function_name"]);
    return versions.slice(known.length).map(({ version }) => ({ functionName, version }));
  }
}

/** Arguments whose change makes the provider replace a resource instead of changing it in place. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_deployment: ["rest_api_id", "triggers"],
  aws_api_gateway_method_settings: ["rest_api_id", "stage_name", "method_path"],
  aws_api_gateway_rest_api_put: ["rest_api_id", "body"],
  aws_api_gateway_stage: ["rest_api_id", "stage_name"],
  aws_api_gateway_usage_plan_key: ["usage_plan_id", "key_id"],
  aws_cloudwatch_log_group: ["name"],
  aws_ecs_cluster: ["name"],
  aws_ecs_service: ["name", "cluster", "launch_type"],
  aws_ecs_task_definition: ["family", "container_definitions", "cpu", "memory", "runtime_platform"],
  aws_iam_role: ["name", "path"],
  aws_iam_role_policy: ["name", "role"],
  aws_lambda_alias: ["function_name", "name"],
  aws_lambda_function: ["function_name", "package_type"],
  aws_lambda_layer_version: ["layer_name", "filename", "source_code_hash"],
  aws_lambda_permission: ["statement_id", "action", "function_name", "principal", "qualifier", "source_arn"],
  aws_lambda_provisioned_concurrency_config: ["function_name", "qualifier"],
  aws_lb: ["name", "internal", "load_balancer_type"],
  aws_lb_listener: ["load_balancer_arn"],
  aws_lb_target_group: ["name", "port", "protocol", "target_type", "vpc_id"],
};

/** Arguments that stay as they were where a stack leaves them out: the provider computes them. */
const staying: Readonly<Record<string, readonly string[]>> = { aws_api_gateway_rest_api: ["policy"] };

function stayingOf(type: string, before: Applied | undefined): Arguments {
  const names = (staying[type] ?? []).filter((name) => before?.attributes[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, before?.attributes[name]]));
}

/** The given arguments, where those that are ignored are what they were: also not there at all. */
function unchanged(given: Arguments, before: Applied | undefined, ignored: readonly string[]): Arguments {
  if (before === undefined || ignored.length === 0) return given;
  const own = Object.entries(given).filter(([name]) => !ignored.includes(name));
  const former = Object.entries(before.attributes).filter(([name]) => ignored.includes(name));
  return Object.fromEntries([...own, ...former]);
}

function isReplaced(type: string, before: Arguments, after: Arguments): boolean {
  return (replacing[type] ?? []).some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** A deployment is a snapshot of the whole API as it is when the deployment is made. */
function snapshotOf(args: Arguments, applied: ReadonlyMap<string, Applied>): ApiSnapshot {
  const id = args["rest_api_id"];
  const find = (type: string, name: string) =>
    [...applied.values()].find((one) => one.type === type && one.attributes[name] === id)?.attributes;
  const api = find("aws_api_gateway_rest_api", "id");
  const put = find("aws_api_gateway_rest_api_put", "rest_api_id");
  const attached = find("aws_api_gateway_rest_api_policy", "rest_api_id");
  return {
    body: String(put?.["body"] ?? api?.["body"]),
    policy: (attached?.["policy"] ?? api?.["policy"]) as string | undefined,
  };
}

/** What a data source reads of a parameter that the stack makes. @returns nothing of another one */
function parameterNamed(name: unknown, applied: ReadonlyMap<string, Applied>): Arguments {
  const parameter = [...applied.values()].find(
    ({ address, attributes }) => address.startsWith("aws_ssm_parameter.") && attributes["name"] === name,
  );
  const value = parameter?.attributes["insecure_value"];
  return value === undefined ? {} : { insecure_value: value };
}

function resolveOutputs({ outputs }: Configuration, applied: ReadonlyMap<string, Applied>) {
  return within("output", () => resolve(outputs, attributeIn(applied))) as Record<string, unknown>;
}

function attributeIn(applied: ReadonlyMap<string, Applied>) {
  return (address: string, attribute: string) => {
    const block = applied.get(address);
    const value = block?.attributes[attribute];
    if (value !== undefined) return value;
    if (block?.passedOver !== undefined) return placeholder(`${address}.${attribute}`);
    throw new Error(`the rehearsal does not know ${address}.${attribute}`);
  };
}

/**
 * The arguments as an apply sends them. Of what is passed over nothing has to be understood; what is rehearsed may
 * hold no value that only AWS knows, but for what handlers are handed on.
 */
function resolvedArguments(
  block: Block,
  { arguments: treatments, passedOver }: BlockType,
  applied: ReadonlyMap<string, Applied>,
  { folder }: Place,
): Arguments {
  const attributeOf = attributeIn(applied);
  if (passedOver !== undefined) {
    const known = (address: string, attribute: string) =>
      applied.get(address)?.attributes[attribute] ?? placeholder(`${address}.${attribute}`);
    return resolve(block.arguments, known, placeholder) as Arguments;
  }
  const resolved = (value: unknown) =>
    resolve(value, attributeOf, (expression) => evaluated(expression, folder));
  for (const precondition of block.preconditions) checkPrecondition(precondition, attributeOf);
  const args = resolved(block.arguments) as Arguments;
  checkNoPlaceholder(args, treatments);
  return args;
}

/** What fails is told with the address of its block. */
export function within<T>(address: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${address}: ${(error as Error).message}`);
  }
}
