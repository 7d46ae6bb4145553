import type { Plugin } from "esbuild";

/** The module that exports the URL of the file that it is bundled into. */
export const urlModule = "lambda-release/import-meta-url";
/** What it exports. */
export const urlName = "importMetaUrl";

/** Gives a bundle of CommonJS its own URL where it asks for `import.meta.url`, and changes no other bundle. */
export const importMetaUrl: Plugin = {
  name: "import-meta-url",
  setup({ onResolve, onLoad }) {
    const filter = /^lambda-release\/import-meta-url$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: "package", sideEffects: false }));
    onLoad({ filter, namespace: "package" }, () => ({
      contents: `import { pathToFileURL } from "node:url";\nexport const ${urlName} = pathToFileURL(__filename).href;\n`,
      loader: "js",
    }));
  },
};
