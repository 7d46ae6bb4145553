import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * What makes a hook of a plain function is bundled from this package's own source, under the name by which a hook imports
 * it. So a hook's code is the same wherever the package is installed: esbuild writes paths into the bundle.
 */
export const packageHooks: Plugin = {
  name: "package-hooks",
  setup({ onResolve, onLoad }) {
    const name = /^lambda-release\/hooks$/;
    onResolve({ filter: name }, ({ path }) => ({ path, namespace: "package" }));
    onLoad({ filter: name, namespace: "package" }, async () => ({
      contents: await readFile(join(__dirname, "../hooks/hook.ts"), "utf8"),
      loader: "ts",
    }));
  },
};
