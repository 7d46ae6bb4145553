import type { FieldPath } from "../../problem";

/** Takes what is wrong with a field of a document. @param value what was found. @default - none is shown */
export type Report = (field: FieldPath, message: string, value?: unknown) => void;

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object, or an empty one in its place: what is no object was told already, or is told by who needs it. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** A number or a text as text; nothing of anything else. */
export function textOf(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

/** The fields of an object without those that are undefined. */
export function given(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
