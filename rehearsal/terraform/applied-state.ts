import { generatedId } from "../account";
import type { Arguments, Block, Configuration } from "./configuration";
import { resolve } from "./expression";
import { blockType, type Place, placeOf } from "./resource-types";

/** A resource or data source as it is after an apply. */
export interface Applied {
  readonly address: string;
  readonly type: string;
  /** Its arguments, resolved, and what AWS added. */
  readonly attributes: Arguments;
  /** How often it was made anew, counted from 0. */
  readonly generation: number;
  /** For an API Gateway deployment: the API's definition at the apply that made it, in OpenAPI. */
  readonly snapshot?: string;
}

/** What an apply did, in Terraform's words. */
export interface ApplySummary {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly destroyed: readonly string[];
}

/**
 * What is there after one apply after another: the memory that AWS has. A deployment keeps the definition from
 * the apply that made it.
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
   * @throws on what the rehearsal does not know, or AWS refuses
   */
  apply(configuration: Configuration): { state: AppliedState; summary: ApplySummary } {
    const place = placeOf(configuration.awsProvider, configuration.folder);
    const blocks = new Map<string, Applied>();
    for (const block of configuration.blocks)
      blocks.set(block.address, this.applyBlock(block, blocks, place));
    const state = new AppliedState(blocks, place, resolveOutputs(configuration, blocks));
    return { state, summary: this.compare(state) };
  }

  /** The blocks of a type. */
  ofType(type: string): Applied[] {
    return [...this.blocks.values()].filter((block) => block.type === type);
  }

  private applyBlock(block: Block, applied: ReadonlyMap<string, Applied>, place: Place): Applied {
    const { address, type } = block;
    const known = blockType(address, type, block.arguments);
    const args = within(address, () => resolve(block.arguments, attributeIn(applied))) as Arguments;
    const before = this.blocks.get(address);
    const replaced = before !== undefined && isReplaced(type, before.attributes, args);
    const generation = before === undefined ? 0 : before.generation + (replaced ? 1 : 0);
    const id = generatedId(`${address}#${generation}`, type === "aws_api_gateway_deployment" ? 6 : 10);
    return {
      address,
      type,
      attributes: { ...args, ...known.attributes(args, id, place) },
      generation,
      snapshot: before !== undefined && !replaced ? before.snapshot : snapshotOf(type, args, applied),
    };
  }

  private compare(after: AppliedState): ApplySummary {
    const isResource = (address: string) => !address.startsWith("data.");
    const before = [...this.blocks.values()].filter(({ address }) => isResource(address));
    const now = [...after.blocks.values()].filter(({ address }) => isResource(address));
    const isNew = (one: Applied) => this.blocks.get(one.address)?.generation !== one.generation;
    const isGone = (one: Applied) => after.blocks.get(one.address)?.generation !== one.generation;
    const differs = (one: Applied) =>
      JSON.stringify(this.blocks.get(one.address)?.attributes) !== JSON.stringify(one.attributes);
    return {
      added: now.filter(isNew).map(({ address }) => address),
      changed: now.filter((one) => !isNew(one) && differs(one)).map(({ address }) => address),
      destroyed: before.filter(isGone).map(({ address }) => address),
    };
  }
}

/** Arguments whose change makes the provider replace a resource instead of changing it in place. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_deployment: ["rest_api_id", "triggers"],
  aws_api_gateway_method_settings: ["rest_api_id", "stage_name", "method_path"],
  aws_api_gateway_stage: ["rest_api_id", "stage_name"],
  aws_cloudwatch_log_group: ["name"],
  aws_iam_role: ["name"],
  aws_iam_role_policy: ["name", "role"],
  aws_lambda_function: ["function_name"],
  aws_lambda_permission: ["statement_id", "action", "function_name", "principal", "source_arn"],
};

function isReplaced(type: string, before: Arguments, after: Arguments): boolean {
  return (replacing[type] ?? []).some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** A deployment is a snapshot of the whole API as it is when the deployment is made. */
function snapshotOf(
  type: string,
  args: Arguments,
  applied: ReadonlyMap<string, Applied>,
): string | undefined {
  if (type !== "aws_api_gateway_deployment") return undefined;
  const api = [...applied.values()].find(
    (one) => one.type === "aws_api_gateway_rest_api" && one.attributes["id"] === args["rest_api_id"],
  );
  return String(api?.attributes["body"]);
}

function resolveOutputs({ outputs }: Configuration, applied: ReadonlyMap<string, Applied>) {
  return within("output", () => resolve(outputs, attributeIn(applied))) as Record<string, unknown>;
}

function attributeIn(applied: ReadonlyMap<string, Applied>) {
  return (address: string, attribute: string) => {
    const value = applied.get(address)?.attributes[attribute];
    if (value === undefined) throw new Error(`the rehearsal does not know ${address}.${attribute}`);
    return value;
  };
}

function within<T>(address: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${address}: ${(error as Error).message}`);
  }
}
