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
    "Every field that a file may have. What is not here is refused. Editors know the same from the schemas in `releases/`.",
    "",
    "## `releases/<environment>/<service>.json`",
    "",
    ...tableOf(JSON.parse(release)),
    "",
    "Settings are given on four levels, each going over the one before: `settings`, `functions.<name>`, `versions.<version>.settings`, `versions.<version>.functions.<name>`.",
    "",
    "## `releases/<environment>/environment.json`",
    "",
    ...tableOf(JSON.parse(environment)),
    "",
  ].join("\n");
}

function tableOf(schema: Schema): string[] {
  const rows = rowsOf(schema, "");
  return ["| field | value | meaning |", "|---|---|---|", ...rows.map((cells) => `| ${cells.join(" | ")} |`)];
}

function rowsOf(schema: Schema, prefix: string): string[][] {
  // Settings stand in four places, and are told at the first level.
  if (isSettings(schema) && prefix !== "settings.") return [];
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "$schema")
    .flatMap(([name, field]) => {
      const path = `${prefix}${name}`;
      const required = schema.required?.includes(name) ? " (required)" : "";
      const row = [`\`${path}\`${required}`, kindOf(field), inMarkdown(field.description ?? "")];
      return [row, ...rowsBelow(field, path)];
    });
}

function rowsBelow(field: Schema, path: string): string[][] {
  return [field, ...(field.anyOf ?? [])].flatMap((branch) => {
    const open = typeof branch.additionalProperties === "object" ? branch.additionalProperties : undefined;
    if (open?.properties !== undefined) return rowsOf(open, `${path}.<name>.`);
    if (branch.items?.properties !== undefined) return rowsOf(branch.items, `${path}[].`);
    return rowsOf(branch, `${path}.`);
  });
}

function inMarkdown(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
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
