import { validateHeaderName, validateHeaderValue } from "node:http";
import type { RequestHeaders } from "../traffic/headers";

const allowed = "it must be a header such as 'Authorization: Bearer abc'";

/** `Name: value`, as the argument of an option. @throws what is wrong, as `it must be ...` */
export function headerOf(text: string): [name: string, value: string] {
  const colon = text.indexOf(":");
  const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  if (colon === -1 || value === "") throw new Error(allowed);
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    // The value may be a secret: it is not shown.
    throw new Error(`${allowed}, without control characters`);
  }
  return [name, value];
}

/** Headers that were given one by one. A name that comes twice has the value that came last. */
export function headersOf(given: readonly (readonly [string, string])[] = []): RequestHeaders {
  return Object.fromEntries(given);
}
