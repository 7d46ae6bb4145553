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
    // By one name in the bundle, whichever package it is imported of.
    const name = "lambda-release/hooks";
    onResolve({ filter: /^lambda-release(-cdktn)?\/hooks$/ }, () => ({ path: name, namespace: "package" }));
    onLoad({ filter: /^lambda-release\/hooks$/, namespace: "package" }, async () => ({
      contents: await readFile(join(__dirname, "../hooks/hook.ts"), "utf8"),
      loader: "ts",
    }));
  },
};
