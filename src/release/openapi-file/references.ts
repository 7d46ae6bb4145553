import type { FieldPath } from "../problem";
import { asObject, isObject, type Report } from "./report";

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
    }
    for (const [key, one] of Object.entries(value)) visit(one, [...field, key]);
  };
  visit(document, []);
}

/** What a reference leads to, also over other references; the value itself where it is none. */
export function resolved(document: unknown, value: unknown): unknown {
  let found = value;
  for (let steps = 0; steps < 10; steps++) {
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
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), document);
}
