import type { FieldPath } from "../../problem";
import { asObject, isObject, type Json, type Report } from "./report";

/** Every `$ref` leads to a part of the same document: API Gateway reads no other. */
export function checkReferences(document: unknown, report: Report): void {
  const visit = (value: unknown, field: FieldPath): void => {
    if (Array.isArray(value))
      value.forEach((one, index) => {
        visit(one, [...field, index]);
      });
    if (!isObject(value)) return;
    const reference = value["$ref"];
    // A property of a schema may have that name.
    if (typeof reference === "string") {
      const place = [...field, "$ref"];
      if (!reference.startsWith("#/"))
        report(place, "must begin with #/, because API Gateway reads this file alone", reference);
      else if (partOf(document, reference) === undefined)
        report(place, "must lead to a part of this file", reference);
      else if (resolved(document, value) === undefined)
        report(
          place,
          `must lead to a part of this file over at most ${mostSteps} other references`,
          reference,
        );
    }
    for (const [key, one] of Object.entries(value)) visit(one, [...field, key]);
  };
  visit(document, []);
}

/** A reference that leads to itself has no end. */
const mostSteps = 10;

/** What a reference leads to, also over other references; the value itself where it is none. */
export function resolved(document: unknown, value: unknown): unknown {
  let found = value;
  for (let steps = 0; steps <= mostSteps; steps++) {
    const reference = asObject(found)["$ref"];
    if (typeof reference !== "string") return found;
    found = partOf(document, reference);
  }
  return undefined;
}

/** `#/components/parameters/Id`, with `~1` for a slash and `~0` for a tilde. */
function partOf(document: unknown, reference: string): unknown {
  return reference
    .replace(/^#\/?/, "")
    .split("/")
    .map((part) => decoded(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => (has(value, part) ? value[part] : undefined), document);
}

/** An object or a list that has it itself, and not as every object of JavaScript does. */
function has(value: unknown, part: string): value is Json {
  return typeof value === "object" && value !== null && Object.hasOwn(value, part);
}

/** A percent sign that begins no character stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
