const { join, sep } = require("node:path");
const { default: Runtime } = require("jest-runtime");

const packages = join(__dirname, "../../node_modules") + sep;
/** What test files are run by. */
const ofJest = /^(@?jest|expect|pretty-format|source-map-support)\b/;

/**
 * Jest's runtime, where all test files of a process have one realm, and load other people's packages once: cdktf, the
 * providers, zod, esbuild and the AWS SDK take longer than most files of tests do. Modules of this project are each
 * file's own, as always. Part of `test-environment.ts`.
 *
 * In a realm of its own, a file could not share them: an `Array` of one realm is no `instanceof Array` in another.
 */
module.exports = class OneRealmRuntime extends Runtime {
  createScriptFromCode(code, filename) {
    const script = super.createScriptFromCode(code, filename);
    return { runInContext: (_context, options) => script.runInThisContext(options) };
  }

  _loadModule(module, from, name, path, options, registry) {
    if (options?.isInternalModule || !isShared(path))
      return super._loadModule(module, from, name, path, options, registry);
    module.exports = require(path);
    module.loaded = true;
  }
};

function isShared(path) {
  return path.startsWith(packages) && /\.c?js$/.test(path) && !ofJest.test(path.slice(packages.length));
}
