import type { FieldPath } from "../../problem";
import { asObject, isObject, type Json, type Report } from "./report";

/** What a schema says to people and to code generators: it decides no answer. */
const forReaders = ["description", "title", "example", "externalDocs", "xml", "deprecated", "default"];

/** What API Gateway's validator does not look at, so that it would pass what the document forbids. */
const ignored = [
  "minItems",
  "maxItems",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "readOnly",
  "writeOnly",
  "nullable",
  "discriminator",
];

const nested = ["items", "additionalProperties", "not"];
const lists = ["allOf", "anyOf", "oneOf"];

/**
 * A schema as API Gateway validates bodies with it: a model of JSON schema draft 4.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function schemaOf(schema: unknown, field: FieldPath, report: Report): unknown {
  // `additionalProperties` may be true or false.
  if (typeof schema === "boolean" && field.at(-1) === "additionalProperties") return schema;
  if (!isObject(schema)) {
    if (schema !== undefined) report(field, "must be a schema, an object", schema);
    return schema;
  }
  checkKeywords(schema, field, report);
  for (const key of ignored) {
    if (Object.hasOwn(schema, key))
      report(
        [...field, key],
        `must not be given where a request validator checks the body: API Gateway ignores it`,
      );
  }
  const isNumber = schema["type"] === "number" || schema["type"] === "integer";
  const entries = Object.entries(schema)
    .filter(([key]) => !forReaders.includes(key) && !key.startsWith("x-"))
    // API Gateway knows no formats of numbers.
    .filter(([key]) => !(key === "format" && isNumber))
    .map(([key, value]): [string, unknown] => {
      const below = [...field, key];
      if (key === "properties") return [key, eachOf(asObject(value), below, report)];
      if (nested.includes(key)) return [key, schemaOf(value, below, report)];
      if (lists.includes(key) && Array.isArray(value))
        return [key, value.map((one, index) => schemaOf(one, [...below, index], report))];
      if ((key === "required" || key === "enum") && Array.isArray(value)) return [key, sorted(value)];
      return [key, value];
    });
  return Object.fromEntries(entries);
}

const types = ["string", "number", "integer", "boolean", "array", "object"];

function checkKeywords(schema: Json, field: FieldPath, report: Report): void {
  const { type, properties, required } = schema;
  if (type !== undefined && !types.includes(type as string))
    report([...field, "type"], `must be one of ${types.join(", ")}`, type);
  if (properties !== undefined && !isObject(properties))
    report([...field, "properties"], "must be an object", properties);
  if (
    required !== undefined &&
    !(Array.isArray(required) && required.every((one) => typeof one === "string"))
  )
    report([...field, "required"], "must be a list of names", required);
  for (const key of ["enum", ...lists])
    if (schema[key] !== undefined && !Array.isArray(schema[key]))
      report([...field, key], "must be a list", schema[key]);
}

/** Their order says nothing. */
function sorted(values: readonly unknown[]): unknown[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function eachOf(schemas: Json, field: FieldPath, report: Report): Json {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, one]) => [name, schemaOf(one, [...field, name], report)]),
  );
}

/** The schemas that others refer to, those that these refer to among them; each is a model of API Gateway's. */
export function modelsOf(users: unknown, schemas: Json, report: Report): Json {
  const models: Record<string, unknown> = {};
  const pending = [users];
  for (let user = pending.pop(); user !== undefined; user = pending.pop()) {
    for (const name of namesIn(user)) {
      if (Object.hasOwn(models, name)) continue;
      const field = ["components", "schemas", name];
      if (!/^[A-Za-z0-9]+$/.test(name))
        report(
          field,
          "must have a name of letters and digits, because API Gateway names a model by it",
          name,
        );
      models[name] = schemaOf(schemas[name], field, report);
      pending.push(models[name]);
    }
  }
  return models;
}

const prefix = "#/components/schemas/";

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  const reference = value["$ref"];
  const own =
    typeof reference === "string" && reference.startsWith(prefix) ? [reference.slice(prefix.length)] : [];
  return [...own, ...Object.values(value).flatMap(namesIn)];
}
