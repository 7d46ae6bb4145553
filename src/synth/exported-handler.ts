import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Metafile } from "esbuild";
import { stemOf } from "../release/functions/entry-files";
import type { HandlerSource } from "../release/functions/function-settings";
import type { Problem } from "../release/problem";

/** What esbuild wrote of one handler. */
export interface WrittenBundle {
  readonly code: string;
  /** Where it was written: a path of the metafile. */
  readonly path: string;
}

/**
 * A handler file that does not export what Lambda calls. CommonJS may export anything when it runs, and `export *` of it
 * too: of these nothing is said.
 */
export function exportProblems(
  project: string,
  { folder, file, handler }: Pick<HandlerSource, "folder" | "file" | "handler">,
  { code, path }: WrittenBundle,
  { inputs, outputs }: Metafile,
): Problem[] {
  // A layer brings another one, which knows what it calls.
  if (handler.slice(0, handler.lastIndexOf(".")) !== stemOf(file)) return [];
  const source = posix.join(folder, file);
  const { entryPoint = "", exports = [] } = outputs[path] ?? {};
  const input = inputs[entryPoint];
  if (input === undefined || input.format === "cjs") return [];
  const wanted = handler.slice(handler.lastIndexOf(".") + 1);
  const found = path.endsWith(".mjs") ? exports : annotated(code);
  if (found.includes(wanted) || exportsAll(join(project, source))) return [];
  const instead = found.length === 0 ? "it exports nothing by a name" : `it exports ${found.join(", ")}`;
  const message = `must export ${wanted}, which Lambda calls ('handler' is "${handler}"): ${instead}`;
  return [{ file: source, field: [], message }];
}

/** A CommonJS bundle ends with `0 && (module.exports = { handler })`, for those that import it. */
function annotated(code: string): string[] {
  const [, names = ""] =
    /\b0 ?&& ?\(module\.exports ?= ?\{([^{}]*)\}\);?\s*(?:\/\/[^\n]*\s*)?$/.exec(code) ?? [];
  return names
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function exportsAll(file: string): boolean {
  return !existsSync(file) || /\bexport\s*\*/.test(readFileSync(file, "utf8"));
}
