import { parseConfiguration } from "../../src/rehearsal/terraform/configuration";
import { evaluated, resolve } from "../../src/rehearsal/terraform/expression";
import type { PlanJson } from "./terraform";

interface Attribute {
  readonly type?: unknown;
  readonly nested_type?: unknown;
  readonly sensitive?: boolean;
}

interface BlockSchema {
  readonly attributes?: Record<string, Attribute>;
  readonly block_types?: Record<string, { readonly nesting_mode: string; readonly block: BlockSchema }>;
}

export interface ProviderSchemas {
  readonly provider_schemas: Record<
    string,
    { readonly resource_schemas?: Record<string, { readonly version: number; readonly block: BlockSchema }> }
  >;
}

const awsProvider = "registry.terraform.io/hashicorp/aws";
/** `terraform_data`, which every Terraform has in itself. */
const builtIn = {
  provider: "terraform.io/builtin/terraform",
  schema: { version: 0, block: { attributes: { id: { type: "string" } } } },
};

/**
 * The state that an apply of a plan would leave: the planned values, what refers to others resolved, and a
 * value of the right kind for whatever only AWS knows.
 */
export function preparedState(
  plan: PlanJson,
  json: object,
  { provider_schemas }: ProviderSchemas,
  folder: string,
): string {
  const { blocks, outputs } = parseConfiguration(json, folder);
  // Of Terraform's registry, or of OpenTofu's.
  const [, schemas] =
    Object.entries(provider_schemas).find(([address]) => address.endsWith("/hashicorp/aws")) ?? [];
  const attributes = new Map<string, Record<string, unknown>>();
  for (const data of plan.prior_state?.values.root_module?.resources ?? [])
    attributes.set(data.address, data.values);
  const attributeOf = (address: string, name: string) => attributes.get(address)?.[name];

  const resources = blocks
    .filter(({ address }) => !address.startsWith("data."))
    .map(({ address, type, arguments: args, dependencies, createBeforeDestroy }) => {
      const change = plan.resource_changes.find((one) => one.address === address)?.change;
      const isBuiltIn = type === "terraform_data";
      const provider = isBuiltIn ? builtIn.provider : awsProvider;
      const schema = isBuiltIn ? builtIn.schema : schemas?.resource_schemas?.[type];
      if (change === undefined || schema === undefined) throw new Error(`${address} is not in the plan`);
      const ofFile = (expression: string) => evaluated(expression, folder);
      const known = resolve(args, attributeOf, ofFile) as Record<string, unknown>;
      // What is made anew is another one for AWS, too.
      const seed = change.actions.length > 1 ? `${address}-anew` : address;
      const values = fill(schema.block, change.after ?? {}, change.after_unknown, known, seed);
      // What Lambda does where nobody says how it traces.
      if (type === "aws_lambda_function" && (values["tracing_config"] as unknown[]).length === 0)
        values["tracing_config"] = [{ mode: "PassThrough" }];
      if (type === "aws_lambda_function" && change.after_unknown["version"] === true)
        values["version"] = nextVersion(change);
      attributes.set(address, values);
      return {
        mode: "managed",
        type,
        name: address.split(".")[1],
        provider: `provider["${provider}"]`,
        instances: [
          {
            schema_version: schema.version,
            attributes: values,
            sensitive_attributes: sensitiveIn(schema.block),
            dependencies: dependencies.filter((one) => !one.startsWith("data.")),
            create_before_destroy: createBeforeDestroy,
          },
        ],
      };
    });
  const outputValues = resolve(outputs, attributeOf) as Record<string, unknown>;
  return JSON.stringify({
    version: 4,
    terraform_version: "1.5.0",
    serial: 1,
    lineage: "prepared",
    resources,
    outputs: Object.fromEntries(
      Object.entries(outputValues).map(([name, value]) => [name, { value, type: typeOf(value) }]),
    ),
  });
}

/** The paths that Terraform marks as sensitive, also without a value: a state without the marks would plan as a change. */
function sensitiveIn({ attributes = {} }: BlockSchema): object[][] {
  return Object.entries(attributes)
    .filter(([, { sensitive }]) => sensitive === true)
    .map(([value]) => [{ type: "get_attr", value }]);
}

/** The number that Lambda gives a version: one more than the last. */
function nextVersion({ before, after }: PlanJson["resource_changes"][number]["change"]): string {
  return after?.["publish"] === true ? String(Number(before?.["version"] ?? 0) + 1) : "$LATEST";
}

/** Terraform's type of a value, as a state file writes it. */
function typeOf(value: unknown): unknown {
  if (value === null || typeof value !== "object") return typeof value === "boolean" ? "bool" : typeof value;
  if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
  return ["object", Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeOf(one)]))];
}

/** Puts values in place of the unknown ones: what the configuration refers to, or something made up. */
function fill(
  schema: BlockSchema,
  after: Record<string, unknown>,
  unknown: Record<string, unknown>,
  configured: Record<string, unknown>,
  seed: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = { ...after };
  for (const [name, { type }] of Object.entries(schema.attributes ?? {})) {
    if (unknown[name] === undefined || unknown[name] === false) continue;
    if (configured[name] !== undefined) values[name] = configured[name];
    else if (unknown[name] === true) values[name] = madeUp(type, name, seed);
  }
  for (const [name, { block, nesting_mode }] of Object.entries(schema.block_types ?? {})) {
    const inner = after[name];
    if (Array.isArray(inner)) {
      const given = configured[name];
      const list: readonly Record<string, unknown>[] = Array.isArray(given) ? given : [given ?? {}];
      // A set is in another order than the configuration.
      const configuredFor = (planned: Record<string, unknown>, index: number) =>
        (nesting_mode === "set" && list.find((one) => isSame(one, planned))) || (list[index] ?? {});
      values[name] = inner.map((one, index) =>
        fill(
          block,
          one,
          (unknown[name] as Record<string, unknown>[])?.[index] ?? {},
          configuredFor(one, index),
          `${seed}.${name}`,
        ),
      );
    } else if (unknown[name] === true) {
      values[name] = nesting_mode === "single" ? null : [];
    }
  }
  return values;
}

/** Whether a planned block is that of the configuration, by all that stands in it and is no block itself. */
function isSame(configured: Record<string, unknown>, planned: Record<string, unknown>): boolean {
  return Object.entries(configured).every(
    ([name, value]) => typeof value === "object" || planned[name] === undefined || planned[name] === value,
  );
}

function madeUp(type: unknown, name: string, seed: string): unknown {
  if (Array.isArray(type)) return type[0] === "map" ? {} : [];
  if (type === "number") return 0;
  if (type === "bool") return false;
  if (name === "public_ip") return "203.0.113.1";
  // An API has none of its own.
  if (name === "policy") return "";
  if (name === "arn" || name.endsWith("_arn"))
    return `arn:aws:test:eu-central-1:123456789012:${seed}/${name}`;
  return `${seed.replace(/[^A-Za-z0-9]/g, "-")}-${name}`;
}
