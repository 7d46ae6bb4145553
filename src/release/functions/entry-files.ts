export type Language = "node" | "python";

const typeScript = [".ts", ".tsx", ".mts", ".cts"];
const javaScript = [".js", ".jsx", ".mjs", ".cjs"];

/**
 * The files of a folder that may hold a function's handler, by the file's name without its ending: more than one where
 * it cannot be told which. JavaScript beside TypeScript of the same name is taken for what a compiler made of it.
 */
export function entriesAmong(files: readonly string[], stem: string): readonly string[] {
  const having = (endings: readonly string[]) =>
    endings.map((ending) => `${stem}${ending}`).filter((file) => files.includes(file));
  const sources = having(typeScript);
  return [...(sources.length > 0 ? sources : having(javaScript)), ...having([".py"])];
}

/** How a message names them: `shop.ts, shop.js or shop.py`. */
export function expectedEntry(stem: string): string {
  return `${stem}.ts, ${stem}.js or ${stem}.py`;
}

export function languageOfEntry(file: string): Language {
  return file.endsWith(".py") ? "python" : "node";
}

/** A handler that this project packages: one file in the function's folder, and what it exports. */
export function isHandlerOfFile(handler: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z_$][A-Za-z0-9_$]*$/.test(handler);
}

/** A file's name without its ending. */
export function stemOf(file: string): string {
  return file.slice(0, file.lastIndexOf("."));
}
