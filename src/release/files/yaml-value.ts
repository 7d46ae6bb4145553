import type { Alias, Document, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { FieldPath } from "../problem";
import { mostLevels, reservedKey } from "./json-document";

type Yaml = typeof import("yaml");

export interface Fault {
  /** What YAML does not allow there. */
  readonly message: string;
  /** Where in the text. */
  readonly offset: number;
}

export interface YamlValue {
  /** What the document holds, as JSON has it. */
  readonly value: unknown;
  /** Where a field begins, or the nearest one above it: its key, or its place in a list. */
  offsetOf(field: FieldPath): number;
}

export const tooDeep = `must be nested at most ${mostLevels} levels deep`;

/** With every alias written out: a few lines of aliases of aliases can stand for more than a machine holds. */
const mostValues = 1_000_000;

/** A node as JSON would have it. */
interface Built {
  readonly value: unknown;
  /** Of it and all below it. */
  readonly values: number;
  readonly levels: number;
}

/**
 * What a YAML document says, as JSON could say it: `<<` merges, an alias is what its anchor has. What JSON has no word
 * for, and what an object of JavaScript would not keep, is a fault.
 */
export function yamlValue(yaml: Yaml, document: Document): YamlValue | Fault {
  const anchors = new Map<string, Built | undefined>();
  const offsets = new WeakMap<object, Map<string, number>>();
  let total = 0;

  const count = (values: number, offset: number) => {
    total += values;
    if (total > mostValues)
      throw new YamlFault(`must have at most ${mostValues} values, those of aliases among them`, offset);
  };

  const build = (node: unknown, level: number, above: number): Built => {
    const offset = (node as Scalar | null)?.range?.[0] ?? above;
    if (level > mostLevels) throw new YamlFault(tooDeep, offset);
    if (yaml.isAlias(node)) return aliased(node, level, offset);
    count(1, offset);
    const anchor = (node as Scalar | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, undefined);
    const built = yaml.isMap(node)
      ? object(node, level, offset)
      : yaml.isSeq(node)
        ? list(node, level, offset)
        : { value: scalar(yaml.isScalar(node) ? node.value : null, offset), values: 1, levels: 0 };
    if (anchor !== undefined) anchors.set(anchor, built);
    return built;
  };

  const aliased = ({ source }: Alias, level: number, offset: number): Built => {
    const built = anchors.get(source);
    if (!anchors.has(source))
      throw new YamlFault(`must be YAML: no anchor '&${source}' stands before this alias`, offset);
    if (built === undefined)
      throw new YamlFault(`must not have the alias '*${source}' within what it stands for`, offset);
    if (level + built.levels > mostLevels) throw new YamlFault(tooDeep, offset);
    count(built.values, offset);
    return built;
  };

  const list = ({ items }: YAMLSeq, level: number, offset: number): Built => {
    const built = items.map((item) => build(item, level + 1, offset));
    const value = built.map((one) => one.value);
    const places = items.map((item, index): [string, number] => [
      String(index),
      (item as Scalar | null)?.range?.[0] ?? offset,
    ]);
    offsets.set(value, new Map(places));
    return { value, ...sum(built) };
  };

  const object = ({ items }: YAMLMap, level: number, offset: number): Built => {
    const value: Record<string, unknown> = {};
    const places = new Map<string, number>();
    const own = new Set<string>();
    const below: Built[] = [];
    for (const { key, value: item } of items) {
      const place = (key as Scalar | null)?.range?.[0] ?? offset;
      const name = keyName(key, level, place);
      if (own.has(name)) throw new YamlFault("must be YAML: map keys must be unique", place);
      own.add(name);
      const built = build(item, level + 1, place);
      below.push(built);
      if (name === "<<" && yaml.isScalar(key) && key.type === "PLAIN") {
        for (const source of Array.isArray(built.value) ? built.value : [built.value]) {
          if (typeof source !== "object" || source === null || Array.isArray(source))
            throw new YamlFault("must be YAML: merge sources must be maps or map aliases", place);
          for (const [merged, one] of Object.entries(source)) {
            if (Object.hasOwn(value, merged)) continue;
            value[merged] = one;
            places.set(merged, offsets.get(source)?.get(merged) ?? place);
          }
        }
      } else {
        value[name] = built.value;
        places.set(name, place);
      }
    }
    offsets.set(value, places);
    return { value, ...sum(below) };
  };

  const keyName = (key: unknown, level: number, offset: number): string => {
    const { value } = build(key, level + 1, offset);
    if (typeof value === "object" && value !== null)
      throw new YamlFault("must have text as its keys", offset);
    if (value === "__proto__") throw new YamlFault(`'__proto__' ${reservedKey}`, offset);
    return String(value ?? "");
  };

  try {
    const { value } = build(document.contents, 0, 0);
    return {
      value,
      offsetOf: (field) => {
        let [found, offset]: [unknown, number] = [value, 0];
        for (const key of field) {
          const place = typeof found === "object" && found !== null && offsets.get(found)?.get(String(key));
          if (typeof place !== "number") return offset;
          [found, offset] = [(found as Record<string, unknown>)[key], place];
        }
        return offset;
      },
    };
  } catch (error) {
    if (error instanceof YamlFault) return error;
    throw error;
  }
}

class YamlFault extends Error implements Fault {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

function scalar(value: unknown, offset: number): unknown {
  const isPlain = ["string", "boolean"].includes(typeof value) || value === null || Number.isFinite(value);
  // Such as `.inf`, and what `!!binary` makes.
  if (!isPlain) throw new YamlFault("must be text, a number, true, false or null, as JSON has them", offset);
  return value;
}

function sum(below: readonly Built[]): Pick<Built, "values" | "levels"> {
  return {
    values: below.reduce((values, one) => values + one.values, 1),
    levels: below.reduce((levels, one) => Math.max(levels, one.levels + 1), 0),
  };
}
