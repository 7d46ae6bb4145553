import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Has the imports of files in some folders looked for from other places, by esbuild's own rules: a path that a plugin
 * gives would lose what the package says of its modules.
 *
 * @param folders real paths
 * @param placeOf where the imports of a folder's files are looked for
 */
export function installedPackages(folders: readonly string[], placeOf: (folder: string) => string): Plugin {
  return {
    name: "installed-packages",
    setup({ onLoad }) {
      const filter = new RegExp(`^(?:${folders.map(literally).join("|")})[\\\\/]`);
      onLoad({ filter, namespace: "file" }, async ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        return { contents: await readFile(path), loader: "default", resolveDir: placeOf(dirname(path)) };
      });
    },
  };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
