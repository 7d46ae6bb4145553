/** Other values of the fields of a file, by its JSON schema. */

export type Json = Record<string, unknown>;

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** A field that holds no other fields: `api.routes[].path`, `tags{}`. */
export interface Leaf {
  readonly name: string;
  readonly enum?: readonly unknown[];
}

/** A field of a file, and values that it may have instead. */
export interface FieldOf {
  readonly leaf: Leaf;
  readonly path: readonly (string | number)[];
  readonly others: readonly unknown[];
}

export function leavesOfSchema(schema: object, name = ""): Leaf[] {
  const { properties, additionalProperties, items, anyOf, enum: allowed } = schema as Schema;
  if (anyOf !== undefined) {
    const found = anyOf.flatMap((one) => leavesOfSchema(one, name));
    const deeper = found.filter((one) => one.name !== name);
    // A field that may also be a name or false is looked at where it holds fields.
    return deeper.length > 0 ? unique(deeper.filter((one) => !isListOfNames(one, deeper))) : unique(found);
  }
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, one]) =>
      leavesOfSchema(one, name === "" ? key : `${name}.${key}`),
    );
  if (items !== undefined) return leavesOfSchema(items, `${name}[]`);
  if (typeof additionalProperties === "object") return leavesOfSchema(additionalProperties, `${name}{}`);
  return [{ name, enum: allowed }];
}

/** `versions[]` beside `versions{}.fingerprint`. */
function isListOfNames({ name }: Leaf, leaves: readonly Leaf[]): boolean {
  return name.endsWith("[]") && leaves.some((one) => one.name.startsWith(`${name.slice(0, -2)}{}`));
}

function unique(leaves: readonly Leaf[]): Leaf[] {
  return [...new Map(leaves.map((leaf) => [leaf.name, leaf])).values()];
}

/** Every field of a file, with values to try in its place. */
export function fieldsOf(file: Json, leaves: readonly Leaf[]): FieldOf[] {
  const known = new Map(leaves.map((leaf) => [leaf.name, leaf]));
  return valuesOf(file, known).flatMap(({ name, path, value }) => {
    const leaf = known.get(name);
    if (leaf === undefined) return [];
    return [
      { leaf, path, others: [...(leaf.enum ?? []), ...otherValues(value)].filter((one) => one !== value) },
    ];
  });
}

interface Value {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Fields whose keys are names of the file's own. */
const maps =
  /^(versions|functions|tags|triggers|triggers\{\}\.(topic\.filter|events\.pattern|schedule\.input|(queue|stream)\.filters\[\])|api\.authorizers|stage\.(usagePlans|variables|routeThrottling)|requests\[\]\.headers|trains|verdict\.metrics\[\]\.dimensions|.*\.(environment|parameters|secrets|loader)|adopt\.functions(\{\})?|versions\{\}\.(functions|lambdaVersions))$/;

function valuesOf(
  value: unknown,
  known: ReadonlyMap<string, Leaf>,
  name = "",
  path: readonly (string | number)[] = [],
): Value[] {
  if (value === undefined) return [];
  // What only AWS judges may be a list or an object itself.
  if (known.has(name)) return [{ name, path, value }];
  if (Array.isArray(value))
    return value.flatMap((one, index) => valuesOf(one, known, `${name}[]`, [...path, index]));
  if (value === null || typeof value !== "object") return [{ name, path, value }];
  return Object.entries(value).flatMap(([key, one]) =>
    valuesOf(one, known, maps.test(name) ? `${name}{}` : name === "" ? key : `${name}.${key}`, [
      ...path,
      key,
    ]),
  );
}

function otherValues(value: unknown): unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1, value - 1, value * 2, value / 2, 14, 60, 256, 1024, 4096];
  if (Array.isArray(value)) return [[...value, "more"]];
  const text = String(value);
  const swapped = (from: RegExp, to: string) => text.replace(from, to);
  return [
    ...["v1", "v2", "v3", "1", "2", "3", "index.handler", "198.51.100.0/24", "2026-11-21T08:00:00Z"],
    swapped(/1/, "2"),
    swapped(/1(?!.*1)/, "2"),
    swapped(/2(?!.*2)/, "3"),
    swapped(/0\.113\.0/, "0.114.0"),
    swapped(/one/, "two"),
    swapped(/$/, "x"),
    swapped(/$/, "?x"),
    swapped(/png/, "gif"),
    swapped(/[a-z](?=[^a-z]*$)/, "q"),
  ].filter((one) => one !== text);
}

/** A copy of a file with another value of one field, or without it. */
export function withChange(file: Json, path: readonly (string | number)[], value: unknown): Json {
  const copy = structuredClone(file);
  const last = path.at(-1) as string | number;
  const holder = path.slice(0, -1).reduce<unknown>((one, key) => (one as Json)[key], copy) as Json;
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}
