import { readFileSync } from "node:fs";
import type { z } from "zod";
import { parseJson } from "../release/files/json-document";
import { Unable } from "../release/files/project";
import { schemaFindings } from "../release/schema/problems";

/**
 * Reads a JSON file that an option names.
 *
 * @throws {Unable} where the file is not there or not valid, with a line for each problem
 */
export function readGiven<T>(path: string, schema: z.ZodType<T>): T {
  const document = parseJson(path, textOf(path));
  if (Array.isArray(document)) throw Unable.because(document);
  const parsed = schema.safeParse(document.value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const findings = schemaFindings(schema, parsed.error.issues);
  throw Unable.because(
    findings.map((one) => ({ file: path, ...one, position: document.position(one.field) })),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw Unable.causedBy(error as Error, `cannot read ${path}: ${(error as Error).message}`);
  }
}
