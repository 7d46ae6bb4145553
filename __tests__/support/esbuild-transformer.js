const { transformSync } = require("esbuild");

/** Strips the types and nothing more; `npm run check` is what checks them. */
module.exports = {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: "ts",
      format: "cjs",
      // Jest cannot run an `import()`.
      supported: { "dynamic-import": false },
      target: "node20",
      sourcefile: path,
      sourcemap: "external",
    });
    return { code, map };
  },
};
