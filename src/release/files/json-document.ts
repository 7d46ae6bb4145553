import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { FieldPath, Position, Problem } from "../problem";

/** More than any release needs, and little enough to be read at once. */
export const mostBytes = 10_000_000;
/** Lists and objects within each other. */
export const mostLevels = 64;
export const reservedKey = "must not be given: JavaScript reserves this name";

/** A JSON file that was read: its value, and where each field of it stands. */
export interface JsonDocument {
  /** Its path in the project. */
  readonly file: string;
  /** What it holds, as JSON has it. */
  readonly value: unknown;
  /** The position of a field, or of the nearest field above it when it is missing. */
  position(field: FieldPath): Position;
}

/**
 * Parses strict JSON. A syntax error, a key that is given twice and the key `__proto__` are problems with line and
 * column; `JSON.parse` names no position for the first and keeps silent about the second.
 */
export function parseJson(file: string, text: string): JsonDocument | Problem[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes)
    return [{ file, field: [], message: `must have at most ${mostBytes} bytes`, value: bytes }];
  const lines = lineStarts(text);
  const positionAt = (offset: number) => lineAndColumn(lines, offset);
  const tooDeep = offsetBelow(text, mostLevels);
  if (tooDeep !== undefined) {
    const message = `must be nested at most ${mostLevels} levels deep`;
    return [{ file, field: [], message, position: positionAt(tooDeep) }];
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
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
  const index = new Map<Node, Map<unknown, Node>>();
  return {
    file,
    value: getNodeValue(root),
    position: (field) => positionAt(nearestNode(root, field, index).offset),
  };
}

/** Where a list or an object opens that is nested deeper than allowed. @returns nothing where none is */
function offsetBelow(text: string, levels: number): number | undefined {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === '"') {
      // Ends behind the text; one that is not closed ends with its line, as the parser has it.
      for (offset++; offset < text.length && text[offset] !== '"' && text[offset] !== "\n"; offset++)
        if (text[offset] === "\\") offset++;
    } else if (character === "[" || character === "{") {
      if (++depth > levels) return offset;
    } else if (character === "]" || character === "}") depth--;
  }
  return undefined;
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
      ...(seen.has(key.value) ? ["must be given once, but is given twice"] : []),
      ...(key.value === "__proto__" ? [reservedKey] : []),
    ];
    seen.add(key.value);
    const own = faults.map((message) => ({ field: path, message, offset: key.offset }));
    return [...own, ...(value === undefined ? [] : faultyKeys(value, path))];
  });
}

/** @param index the children of the nodes that were looked at, by key or place */
function nearestNode(root: Node, field: FieldPath, index: Map<Node, Map<unknown, Node>>): Node {
  let node = root;
  for (const key of field) {
    let children = index.get(node);
    if (children === undefined) {
      children = childrenOf(node);
      index.set(node, children);
    }
    const child = children.get(key);
    if (child === undefined) return node;
    node = child;
  }
  return node;
}

function childrenOf({ type, children = [] }: Node): Map<unknown, Node> {
  if (type === "array") return new Map(children.entries());
  return new Map(
    children.flatMap(({ children: [key, value] = [] }) =>
      key === undefined || value === undefined ? [] : [[key.value, value]],
    ),
  );
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** @param lines where each line begins */
function lineAndColumn(lines: readonly number[], offset: number): Position {
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lines[low] as number) + 1 };
}
