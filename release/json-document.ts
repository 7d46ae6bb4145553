import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { FieldPath, Position, Problem } from "./problem";

/** A JSON file that was read: its value, and where each field of it stands. */
export interface JsonDocument {
  readonly file: string;
  readonly value: unknown;
  /** The position of a field, or of the nearest field above it when it is missing. */
  position(field: FieldPath): Position;
}

/**
 * Parses strict JSON. A syntax error, a key that is given twice and the key `__proto__` are problems with line and
 * column; `JSON.parse` names no position for the first and keeps silent about the second.
 */
export function parseJson(file: string, text: string): JsonDocument | Problem[] {
  if (/[[{][^"]{0,9}([[{][^"\]}]{0,9}){100}/.test(text)) {
    return [{ file, field: [], message: "must be nested less than 100 levels deep" }];
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const positionAt = (offset: number) => lineAndColumn(text, offset);
  const [error] = errors;
  if (root === undefined || error !== undefined) {
    // What comes after the first error is mostly its consequence.
    const { offset, length } = error ?? { offset: 0, length: 0 };
    return [
      {
        file,
        field: [],
        message: `must be JSON: ${error === undefined ? "value expected" : describe(error)}`,
        value: text.slice(offset, offset + Math.max(length, 1)).trim() || undefined,
        position: positionAt(offset),
      },
    ];
  }
  const faulty = faultyKeys(root, []).map(({ offset, ...key }) => ({
    file,
    ...key,
    position: positionAt(offset),
  }));
  if (faulty.length > 0) return faulty;
  return {
    file,
    value: getNodeValue(root),
    position: (field) => positionAt(nearestNode(root, field).offset),
  };
}

/** `ValueExpected` becomes `value expected`. */
function describe(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

interface FaultyKey {
  readonly field: FieldPath;
  readonly message: string;
  readonly offset: number;
}

/** Keys that an object of JavaScript would not keep. */
function faultyKeys(node: Node, field: FieldPath): FaultyKey[] {
  if (node.type === "array") {
    return (node.children ?? []).flatMap((child, index) => faultyKeys(child, [...field, index]));
  }
  if (node.type !== "object") return [];
  const seen = new Set<string>();
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    if (key === undefined) return [];
    const path = [...field, key.value as string];
    const faults = [
      ...(seen.has(key.value) ? ["must be given once, and is given twice"] : []),
      ...(key.value === "__proto__" ? ["must not be given: JavaScript keeps this name for itself"] : []),
    ];
    seen.add(key.value);
    const own = faults.map((message) => ({ field: path, message, offset: key.offset }));
    return [...own, ...(value === undefined ? [] : faultyKeys(value, path))];
  });
}

function nearestNode(root: Node, field: FieldPath): Node {
  for (let length = field.length; length > 0; length--) {
    const node = findNodeAtLocation(root, field.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function lineAndColumn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
