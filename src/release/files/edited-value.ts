import { isDeepStrictEqual } from "node:util";
import type { FieldPath } from "../problem";
import type { Edit } from "./edit";

type Json = Record<string | number, unknown>;

/**
 * Whether a new text is the old value with these edits made and nothing else changed. It knows nothing of layout and
 * of how `edited` works, so it finds what that gets wrong.
 */
export function isEditOf(before: string, after: string, edits: readonly Edit[]): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(after), valueAfter(JSON.parse(before), edits));
  } catch {
    return false;
  }
}

/** The value with the edits made, whose fields are where they are in the value given. */
function valueAfter(value: unknown, edits: readonly Edit[]): unknown {
  for (const { field, value: given } of edits) {
    const parent = containerOf(value, field);
    const key = field.at(-1) as string | number;
    if (given !== undefined && parent !== undefined) parent[key] = JSON.parse(JSON.stringify(given));
    else if (parent !== undefined && key in parent) parent[key] = removed;
  }
  return withoutRemoved(value);
}

/** Stands for what is removed until all edits are made: so the items of a list keep their places. */
const removed = Symbol("removed");

function containerOf(value: unknown, field: FieldPath): Json | undefined {
  const container = field.slice(0, -1).reduce<unknown>((one, key) => (one as Json | undefined)?.[key], value);
  return typeof container === "object" && container !== null ? (container as Json) : undefined;
}

function withoutRemoved(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== removed).map(withoutRemoved);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, one]) => one !== removed);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutRemoved(one)]));
}
