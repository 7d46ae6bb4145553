import { type AwsLimit, awsLimits } from "../aws/aws-limits";
import { jsonSchemas } from "./json-schema";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
}

/** `docs/release-file.md`: a line for each field of the release file and of the environment file. */
export function referencePage(): string {
  const [release = "", environment = ""] = [...jsonSchemas().values()];
  return [
    "# The files of a release",
    "",
    "Every field that a file may have. Any other field is refused. Editors complete and check the same fields from the schemas in `releases/`.",
    "",
    "## `releases/<environment>/<service>.json`",
    "",
    ...fieldsOf(JSON.parse(release)),
    "",
    "Settings have four levels, each overriding the one before: `settings`, `functions.<name>`, `versions.<version>.settings`, `versions.<version>.functions.<name>`.",
    "",
    "## `releases/<environment>/environment.json`",
    "",
    ...fieldsOf(JSON.parse(environment)),
    "",
    "## AWS's limits",
    "",
    "Synthesis refuses values beyond these limits, and names file, field, limit and value. AWS can raise those with a name under `quotas`: if it did, set `quotas` to the raised value.",
    "",
    ...limitsTable(),
    "",
    "A region must be an AWS region that botocore lists. Add one that AWS opened later to `newRegions` too; only AWS then checks that it exists.",
    "",
    "`sources` of `preview` and `blue` must hold public addresses. API Gateway sees a caller's public address, never one of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7), a carrier-grade NAT (100.64.0.0/10), loopback or link-local.",
    "",
  ].join("\n");
}

function limitsTable(): string[] {
  const rows = Object.entries<AwsLimit>(awsLimits).map(
    ([name, { most, what, page, isRaised }]) =>
      `| ${most.toLocaleString("en-US")} | [${what}](${page}) | ${isRaised ? `\`${name}\`` : "fixed"} |`,
  );
  return ["| at most | of | in `quotas` |", "|---|---|---|", ...rows];
}

/** A list, because it is read at any width: a table with names as long as these is cut off. */
function fieldsOf(schema: Schema, above = "", depth = 0): string[] {
  // Settings stand in four places, and are told at the first level.
  if (isSettings(schema) && above !== "settings.") return [];
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "$schema")
    .flatMap(([name, field]) => {
      const path = `${above}${name}`;
      const kind = `${kindOf(field)}${schema.required?.includes(name) ? ", required" : ""}`;
      const line = `${"  ".repeat(depth)}- \`${path}\` (${kind}): ${inMarkdown(field.description ?? "")}`;
      return [line, ...fieldsBelow(field, path, depth + 1)];
    });
}

function fieldsBelow(field: Schema, path: string, depth: number): string[] {
  return [field, ...(field.anyOf ?? [])].flatMap((branch) => {
    const open = typeof branch.additionalProperties === "object" ? branch.additionalProperties : undefined;
    if (open?.properties !== undefined) return fieldsOf(open, `${path}.<name>.`, depth);
    if (branch.items?.properties !== undefined) return fieldsOf(branch.items, `${path}[].`, depth);
    return fieldsOf(branch, `${path}.`, depth);
  });
}

function inMarkdown(text: string): string {
  return text.replaceAll("<", "&lt;");
}

function isSettings({ properties }: Schema): boolean {
  return properties?.["handler"] !== undefined;
}

function kindOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kindOf))].join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (isSettings(schema)) return "settings";
  if (schema.type === "array") return `list of ${kindOf(schema.items ?? {})}`;
  if (schema.type === "object") return schema.properties === undefined ? "object by name" : "object";
  if (schema.maximum === Number.MAX_SAFE_INTEGER) return `whole number from ${schema.minimum}`;
  if (schema.minimum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  return schema.type === "boolean" ? "true or false" : "text";
}
