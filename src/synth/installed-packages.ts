import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { OnLoadResult, Plugin } from "esbuild";

/**
 * Has the imports of files in some folders looked for from other places, by esbuild's own rules: a path that a plugin
 * gives would lose what the package says of its modules.
 *
 * @param folders real paths
 * @param placeOf where the imports of a folder's files are looked for
 * @param compiled what is bundled in place of a file. @default - the file as it stands
 */
export function installedPackages(
  folders: readonly string[],
  placeOf: (folder: string) => string,
  compiled: (path: string) => Promise<OnLoadResult | undefined> = async () => undefined,
): Plugin {
  return {
    name: "installed-packages",
    setup({ onLoad }) {
      const filter = new RegExp(`^(?:${folders.map(literally).join("|")})[\\\\/]`);
      onLoad({ filter, namespace: "file" }, async ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        const found = (await compiled(path)) ?? { contents: await readFile(path), loader: "default" };
        return { ...found, resolveDir: placeOf(dirname(path)) };
      });
    },
  };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
