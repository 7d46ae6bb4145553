import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Problem } from "../release/problem";

const field = ["compilerOptions", "emitDecoratorMetadata"];

/**
 * What a tsconfig.json, or one that it extends by a relative path, asks for and esbuild does not do. The code would be
 * bundled without a word, and fail when it runs: https://esbuild.github.io/content-types/#no-type-system
 *
 * @param file path of the tsconfig.json, relative to the project. @default - none counts
 */
export function compilerOptionProblems(project: string, file: string | undefined): Problem[] {
  const found = file === undefined ? undefined : optionIn(project, file, new Set());
  if (found?.value !== true) return [];
  return [
    {
      file: found.file,
      field,
      message:
        "must not be true: esbuild does not know types, so it writes no metadata of them, and what reads it finds nothing; delete it and give such types explicitly, or write the handler in JavaScript that tsc has compiled",
      position: found.position,
    },
  ];
}

type Found = Pick<Problem, "file" | "position" | "value">;

/** The option, and where it stands. @param seen a file may extend itself */
function optionIn(project: string, file: string, seen: Set<string>): Found | undefined {
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
    const found = optionIn(project, existsSync(join(project, path)) ? path : `${path}.json`, seen);
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
