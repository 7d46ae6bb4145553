/** The npm packages of the app, out of one bundle. */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { build } = require("esbuild");
const { asBundle, bundled, project, readKept, runBundle } = require("./kept-bundle");
const { plugin, requireFor, stackTraces } = require("./patches");

/** Packages of plain code, which does not ask where it stands. Any other is loaded as Node does it. */
const plainPackages = /^(@cdktf\/provider-\w+|cdktf|constructs|fastest-levenshtein|jsonc-parser|zod)(\/|$)/;

/** The modules of plain packages that these sources import, by the names that they use. */
function importsOf(files) {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type\b)[^"]*?from "([^"]+)"/gm)].map(
      ([, name]) => name,
    ),
  );
  return [...new Set([stackTraces, ...names.filter((name) => plainPackages.test(name))])].sort();
}

/** Loads the bundle that was kept, or makes it anew. @returns each module by its name, run at its first use */
async function loadPackages(names) {
  const own = [__filename, require.resolve("./patches")].map((file) => readFileSync(file, "utf8"));
  const key = [...own, ...names].join("\n");
  const bundle = readKept("packages", key) ?? (await bundlePackages(names));
  const requireOfCdktf = Module.createRequire(require.resolve("cdktf"));
  return runBundle("packages", key, bundle, requireFor(requireOfCdktf));
}

async function bundlePackages(names) {
  const getters = names.map((name) => `get "${name}"() { return require("${name}") }`);
  return bundled(
    await build({
      ...asBundle,
      stdin: { contents: `module.exports = { ${getters} }`, resolveDir: project },
      logLevel: "silent",
      plugins: [plugin],
    }),
  );
}

module.exports = { importsOf, loadPackages };
