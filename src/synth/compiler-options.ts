import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Problem } from "../release/problem";

/**
 * A compiler option of a tsconfig.json, or of one that it extends by a relative path, and where it stands.
 *
 * @param file path of the tsconfig.json, relative to the project. @default - none counts
 */
export function compilerOption(project: string, file: string | undefined, name: string): Found | undefined {
  return file === undefined ? undefined : optionIn(project, file, ["compilerOptions", name], new Set());
}

type Found = Pick<Problem, "file" | "position" | "value">;

/** The option, and where it stands. @param seen a file may extend itself */
function optionIn(project: string, file: string, field: string[], seen: Set<string>): Found | undefined {
  if (seen.has(file) || !existsSync(join(project, file))) return undefined;
  seen.add(file);
  const text = readFileSync(join(project, file), "utf8");
  const root = parseTree(text, [], { allowTrailingComma: true });
  const own = root && findNodeAtLocation(root, field);
  if (own !== undefined) return { file, value: own.value, position: positionIn(text, own) };
  const extended = root && valueAt(root, "extends");
  // A later one goes before an earlier one.
  for (const one of [extended].flat().reverse()) {
    if (typeof one !== "string" || !one.startsWith(".")) continue;
    const path = posix.join(posix.dirname(file), one);
    const found = optionIn(project, existsSync(join(project, path)) ? path : `${path}.json`, field, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueAt(root: Node, name: string): unknown {
  const node = findNodeAtLocation(root, [name]);
  return node && getNodeValue(node);
}

function positionIn(text: string, { offset }: Node) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
