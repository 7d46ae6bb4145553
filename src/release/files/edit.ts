import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { FieldPath } from "../problem";

/** A change of one field of a JSON file. */
export interface Edit {
  /** Where it is in the file before any edit: the items of a list keep their places until all edits are made. */
  readonly field: FieldPath;
  /** Its new value, as JSON. @default - the field is taken away */
  readonly value?: unknown;
  /** The neighbour that a new field comes after. @default - it becomes the last one */
  readonly after?: string;
}

/** A line as wide as this is not broken. */
const lineWidth = 100;

/**
 * Changes fields of a JSON text and leaves everything else as it is written: formatting, order of keys, line ends.
 *
 * @param text valid JSON, in which the parent of each field is there
 */
export function edited(text: string, edits: readonly Edit[]): string {
  return inOrder(edits).reduce(apply, text);
}

/** Items of lists are removed after all other edits, the last one first: so no index changes before it is used. */
function inOrder(edits: readonly Edit[]): Edit[] {
  const removesItem = ({ field, value }: Edit) => value === undefined && typeof field.at(-1) === "number";
  const removals = new Map(edits.filter(removesItem).map((one) => [JSON.stringify(one.field), one]));
  const fromLast = [...removals.values()].sort((a, b) => Number(b.field.at(-1)) - Number(a.field.at(-1)));
  return [...edits.filter((one) => !removesItem(one)), ...fromLast];
}

function apply(text: string, { field, value, after }: Edit): string {
  const root = parseTree(text) as Node;
  const node = findNodeAtLocation(root, [...field]);
  // What is not there need not be taken away.
  if (value === undefined) return node === undefined ? text : removed(text, node);
  const path = [...field];
  const indent = indentOf(text, root);
  if (node !== undefined) {
    const written = render(value, lineIndent(text, node.offset), indent, text, columnOf(text, node.offset));
    return splice(text, node.offset, node.length, written);
  }
  const key = path.pop();
  const parent = findNodeAtLocation(root, path) as Node;
  return inserted(text, parent, indent, key as string | number, value, after);
}

/**
 * Takes out a field or an item with one comma. jsonc-parser's own `modify` takes the bracket's neighbour to be a
 * line end, and so removes a character too few from a list on one line.
 */
function removed(text: string, value: Node): string {
  // A field is its key and its value.
  const node = value.parent?.type === "property" ? value.parent : value;
  const container = node.parent as Node;
  const siblings = container.children ?? [];
  const index = siblings.indexOf(node);
  const [before, next] = [siblings[index - 1], siblings[index + 1]];
  // What stands around it stays where it is: the rest of its line, or the lines above and below.
  if (before !== undefined) return splice(text, endOf(before), endOf(node) - endOf(before), "");
  if (next !== undefined) return splice(text, node.offset, next.offset - node.offset, "");
  return splice(text, container.offset + 1, container.length - 2, "");
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function inserted(
  text: string,
  parent: Node,
  indent: string,
  key: string | number,
  value: unknown,
  after: string | undefined,
): string {
  const children = parent.children ?? [];
  const name = typeof key === "number" ? "" : `${JSON.stringify(key)}: `;
  const isBroken = text.slice(parent.offset, parent.offset + parent.length).includes("\n");
  const outer = lineIndent(text, parent.offset);
  const inner = isBroken ? outer + indent : "";
  const written = name + render(value, isBroken ? inner : outer, indent, text, inner.length + name.length);
  const gap = isBroken ? endOfLine(text) + inner : " ";
  const before =
    children.find((child) => child.type === "property" && child.children?.[0]?.value === after) ??
    children.at(-1);
  if (before === undefined) {
    const close = isBroken ? endOfLine(text) + outer : parent.type === "object" ? " " : "";
    return splice(text, parent.offset + 1, parent.length - 2, `${close === "" ? "" : gap}${written}${close}`);
  }
  return splice(text, before.offset + before.length, 0, `,${gap}${written}`);
}

/** In one line where it fits, as a person would write it. @param column where it begins */
function render(value: unknown, outer: string, indent: string, text: string, column = outer.length): string {
  const line = inLine(value);
  if (column + line.length <= lineWidth || value === null || typeof value !== "object") return line;
  const inner = outer + indent;
  const items = Array.isArray(value)
    ? value.map((item) => render(item, inner, indent, text))
    : Object.entries(value).map(
        ([key, one]) => `${JSON.stringify(key)}: ${render(one, inner, indent, text)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const newLine = endOfLine(text);
  return `${open}${newLine}${inner}${items.join(`,${newLine}${inner}`)}${newLine}${outer}${close}`;
}

function inLine(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inLine(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** What the fields of the whole are indented by. */
function indentOf(text: string, root: Node): string {
  const first = root.children?.[0];
  return (first && lineIndent(text, first.offset)) || "  ";
}

function lineIndent(text: string, offset: number): string {
  const line = text.slice(offset - columnOf(text, offset), offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf("\n", offset - 1) - 1;
}

function endOfLine(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function splice(text: string, offset: number, length: number, written: string): string {
  return text.slice(0, offset) + written + text.slice(offset + length);
}
