import type { Treatment } from "./block-type";

/**
 * What stands for a value that only AWS gives, of something that the rehearsal passes over: a handler that reads it
 * sees where it comes from.
 *
 * @param source such as `aws_db_instance.orders.endpoint`
 */
export function placeholder(source: string): string {
  return `(not rehearsed: ${source})`;
}

const marked = /\(not rehearsed: [^()]*\)/;

export function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && marked.exec(value)?.[0] === value;
}

/**
 * Nothing that decides an answer may be a placeholder: it would rehearse something else than what is applied.
 *
 * @throws on the first argument that the rehearsal uses and that holds one
 */
export function checkNoPlaceholder(
  args: object,
  treatments: Readonly<Record<string, Treatment>>,
  path = "",
): void {
  for (const [name, value] of Object.entries(args)) {
    const treatment = treatments[name];
    if (treatment === "used") {
      const found = marked.exec(JSON.stringify(value) ?? "")?.[0];
      if (found !== undefined) {
        throw new Error(
          `'${path}${name}' decides what requests get, so its value must be known, got ${found}`,
        );
      }
    }
    if (typeof treatment !== "object" || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      checkNoPlaceholder(one, treatment, `${path}${name}.`);
    }
  }
}
