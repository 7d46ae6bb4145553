import type { z } from "zod";
import type { Finding } from "../checks/finding";
import { checkTerraformText } from "../checks/terraform-text";
import type { FieldPath, Problem } from "../problem";
import { schemaFindings } from "../schema/problems";
import { type JsonDocument, parseJson } from "./json-document";
import { notThere, type ProjectFiles } from "./project-files";

/**
 * Reads one file: its problems, and its value where the schema finds none. The checks also see a file that
 * the schema finds fault with, without the fields at fault, so that every problem is told at once.
 *
 * @param check gets the file and the fields that are left out of it
 */
export function readFile<T>(
  files: ProjectFiles,
  file: string,
  schema: z.ZodType<T>,
  check: (value: T, faulty: readonly FieldPath[]) => Finding[],
): { value?: T; problems: Problem[] } {
  const content = files.read(file);
  if (content === undefined) {
    return { problems: [{ file, field: [], message: files.trouble?.(file) ?? notThere }] };
  }
  const document = parseJson(file, content);
  if (Array.isArray(document)) return { problems: shown(file, document) };

  const parsed = schema.safeParse(document.value, { reportInput: true });
  const findings = [
    ...checkTerraformText(document.value),
    ...(parsed.success ? [] : schemaFindings(schema, parsed.error.issues)),
  ];
  const faulty = findings.map(({ field }) => field);
  const checkable = parsed.success ? parsed : parseWithout(schema, document.value, faulty);
  if (checkable.success) findings.push(...check(checkable.data, faulty));
  return {
    value: parsed.success ? parsed.data : undefined,
    problems: shown(file, findings.map((finding) => located(document, finding)).sort(byPosition)),
  };
}

/** So many problems of a file are shown; the others are counted. */
const mostShown = 100;

function shown(file: string, problems: Problem[]): Problem[] {
  const more = problems.length - mostShown;
  if (more <= 0) return problems;
  return [...problems.slice(0, mostShown), { file, field: [], message: `has ${more} more problems` }];
}

function byPosition({ position: a }: Problem, { position: b }: Problem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

function located(document: JsonDocument, finding: Finding): Problem {
  return { file: document.file, ...finding, position: document.position(finding.field) };
}

/** Parses a copy without some fields; what cannot do without one of them is left out too. */
function parseWithout<T>(schema: z.ZodType<T>, value: unknown, fields: readonly FieldPath[]) {
  const copy = structuredClone(value);
  for (const field of fields) remove(copy, field);
  for (let tries = 0; tries < 5; tries++) {
    const parsed = schema.safeParse(copy, { reportInput: true });
    if (parsed.success) return parsed;
    for (const { path, input } of parsed.error.issues) {
      remove(copy, (input === undefined ? path.slice(0, -1) : path) as FieldPath);
    }
  }
  return schema.safeParse(copy);
}

/** Removes a field; of a list it removes the whole, so that the others keep their places. */
function remove(value: unknown, field: FieldPath): void {
  const [head, ...rest] = field;
  if (head === undefined || value === null || typeof value !== "object") return;
  const container = value as Record<string | number, unknown>;
  if (rest.length === 0 || (rest.length === 1 && typeof rest[0] === "number")) delete container[head];
  else remove(container[head], rest);
}
