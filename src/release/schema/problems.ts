import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Finding } from "../checks/finding";
import type { FieldPath } from "../problem";

type Issue = z.core.$ZodIssue;

/** Of each schema once: a file may have thousands of unknown fields. */
const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** What a schema finds wrong with a value, a finding per field. */
export function schemaFindings(schema: z.ZodType, issues: readonly Issue[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of issues.flatMap((issue) => issueFindings(schema, issue, []))) {
    const field = JSON.stringify(finding.field);
    if (!first.has(field)) first.set(field, finding);
  }
  return [...first.values()];
}

function issueFindings(schema: z.ZodType, issue: Issue, above: FieldPath): Finding[] {
  const field = [...above, ...(issue.path as (string | number)[])];
  if (issue.code === "unrecognized_keys") {
    const whole = jsonSchemaOf(schema);
    const known = knownKeys(whole, field);
    return issue.keys.map((key) => ({ field: [...field, key], message: unknownKey(key, known, whole) }));
  }
  if (issue.code === "invalid_union") return unionFindings(schema, issue, field);
  if (issue.code === "invalid_key") {
    const [inner] = issue.issues;
    return [{ field, message: inner?.message ?? issue.message, value: field.at(-1) }];
  }
  if (issue.input === undefined) return [notGiven(field, issue)];
  return [{ field, message: issue.message, value: issue.input }];
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = jsonSchemas.get(schema) ?? (z.toJSONSchema(schema, { io: "input" }) as JsonSchema);
  jsonSchemas.set(schema, known);
  return known;
}

/** The problems of the branch that the value was meant for: of those of its kind, the one with the fewest. */
function unionFindings(
  schema: z.ZodType,
  issue: Issue & { code: "invalid_union" },
  field: FieldPath,
): Finding[] {
  if (issue.input === undefined) return [notGiven(field, issue)];
  const [meant] = issue.errors
    .filter((branch) => branch.every((one) => one.path.length > 0 || kindMatches(one)))
    .sort((a, b) => a.length - b.length);
  if (meant === undefined) return [{ field, message: issue.message, value: issue.input }];
  return meant.flatMap((one) => issueFindings(schema, one, field));
}

function notGiven(field: FieldPath, { message }: Issue): Finding {
  return { field, message: message.replace(/^must be /, "must be given: ") };
}

function kindMatches(issue: Issue): boolean {
  return issue.code !== "invalid_type" && issue.code !== "invalid_value";
}

function unknownKey(key: string, known: readonly string[], whole: JsonSchema): string {
  const fields = known.filter((one) => one !== "$schema");
  if (fields.length === 0) return "must not be given: there is no such field";
  const nearest = closest(key, fields);
  const suggestion =
    distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(key.length, nearest.length) / 2
      ? `did you mean '${nearest}'?`
      : (elsewhere(key, whole) ?? `there are ${fields.join(", ")}`);
  return `must not be given: there is no such field; ${suggestion}`;
}

/** The first place with a field of that name. */
function elsewhere(key: string, schema: JsonSchema): string | undefined {
  const path = pathTo(key, schema);
  return path && `did you mean '${path.join(".")}'?`;
}

function pathTo(
  key: string,
  { properties = {}, additionalProperties, anyOf = [] }: JsonSchema,
): string[] | undefined {
  if (properties[key] !== undefined) return [key];
  const named = typeof additionalProperties === "object" ? { "<name>": additionalProperties } : {};
  for (const [name, below] of Object.entries({ ...properties, ...named })) {
    const path = pathTo(key, below);
    if (path !== undefined) return [name, ...path];
  }
  return anyOf.map((branch) => pathTo(key, branch)).find((path) => path !== undefined);
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The fields that a schema knows at a place, for all branches that lead there. */
function knownKeys(schema: JsonSchema, field: FieldPath): string[] {
  const branches = [schema, ...(schema.anyOf ?? [])];
  const [head, ...rest] = field;
  if (head === undefined) return branches.flatMap((branch) => Object.keys(branch.properties ?? {}));
  return branches.flatMap((branch) => {
    const { additionalProperties } = branch;
    const open = typeof additionalProperties === "object" ? additionalProperties : undefined;
    const below = typeof head === "number" ? branch.items : (branch.properties?.[head] ?? open);
    return below === undefined ? [] : knownKeys(below, rest);
  });
}
