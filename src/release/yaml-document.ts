import type { Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { JsonDocument } from "./json-document";
import type { FieldPath, Problem } from "./problem";

/** More than any document needs: API Gateway imports 6 MB at most. */
const mostBytes = 10_000_000;

/**
 * Parses YAML 1.2 into what JSON could say. A syntax error, a key that is given twice and an anchor that is not there
 * are problems with line and column. `<<` merges maps.
 */
export function parseYaml(file: string, text: string): JsonDocument | Problem[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes)
    return [{ file, field: [], message: `must have at most ${mostBytes} bytes`, value: bytes }];
  // Loaded only where a project has such a file.
  const yaml = require("yaml") as typeof import("yaml");
  const lines = new yaml.LineCounter();
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faulty = (message: string, offset: number): Problem[] => [
    { file, field: [], message: `must be YAML: ${message}`, position: position(offset) },
  ];
  try {
    const document = yaml.parseDocument(text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: false,
      stringKeys: false,
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) return faulty(firstLine(fault.message), fault.pos[0]);
    const value = document.toJS() as unknown;
    return { file, value, position: (field) => position(offsetOf(yaml, document, field)) };
  } catch (error) {
    // Too many aliases, or too many levels.
    return faulty(firstLine((error as Error).message), 0);
  }
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/^./, (letter) => letter.toLowerCase());
}

/** Where a field begins, or the nearest one above it: its key, or its place in a list. */
function offsetOf(yaml: typeof import("yaml"), document: Document, field: FieldPath): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const key of field) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair: Pair | undefined = (node as YAMLMap).items.find(
        (one) => String((one.key as Scalar | null)?.value) === String(key),
      );
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (yaml.isSeq(node)) {
      const item = (node as YAMLSeq).items[Number(key)];
      if (item === undefined) return offset;
      offset = (item as Node).range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
