const { isBuiltin } = require("node:module");
const { dirname, join, sep } = require("node:path");
const { Script } = require("node:vm");
const { default: Runtime } = require("jest-runtime");

const root = join(__dirname, "../..") + sep;
const packages = join(root, "node_modules") + sep;
const sources = ["constructs", "src", "stacks"].map((folder) => join(root, folder) + sep);
/** What test files are run by. */
const ofJest = /^(@?jest|expect|pretty-format|source-map-support)\b/;

/** The runtime of the file of tests that runs. */
let current;
/** This project's own modules by path, and where their source maps are. */
const modules = new Map();
const sourceMaps = new Map();

/**
 * Jest's runtime, where all test files of a process have one realm, and load modules once: cdktf, the providers, zod,
 * esbuild, the AWS SDK and this project's sources take longer than most files of tests do. Part of
 * `test-environment.ts`. Files of tests and what supports them are loaded by each file.
 *
 * In a realm of its own, a file could not share them: an `Array` of one realm is no `instanceof Array` in another.
 */
module.exports = class OneRealmRuntime extends Runtime {
  constructor(...args) {
    super(...args);
    current = this;
  }

  createScriptFromCode(code, filename) {
    const script = super.createScriptFromCode(code, filename);
    return { runInContext: (_context, options) => script.runInThisContext(options) };
  }

  _loadModule(module, from, name, path, options, registry) {
    const load = options?.isInternalModule
      ? undefined
      : isPackage(path)
        ? require
        : isSource(path)
          ? loadSource
          : undefined;
    if (load === undefined) return super._loadModule(module, from, name, path, options, registry);
    module.exports = load(path);
    module.loaded = true;
  }

  getSourceMaps() {
    return new Map([...sourceMaps, ...super.getSourceMaps()]);
  }
};

const isPackage = (path) =>
  path.startsWith(packages) && /\.c?js$/.test(path) && !ofJest.test(path.slice(packages.length));

const isSource = (path) => path.endsWith(".ts") && sources.some((folder) => path.startsWith(folder));

function loadSource(path) {
  const known = modules.get(path);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(path, module);
  try {
    const code = current.transformFile(path);
    const map = Runtime.prototype.getSourceMaps.call(current).get(path);
    if (map !== undefined) sourceMaps.set(path, map);
    const script = new Script(`(function (module, exports, require, __filename, __dirname) {${code}\n})`, {
      filename: path,
    });
    script
      .runInThisContext()
      .call(module.exports, module, module.exports, requireIn(path), path, dirname(path));
  } catch (error) {
    modules.delete(path);
    throw error;
  }
  return module.exports;
}

/** The `require` of one of this project's own modules. */
function requireIn(from) {
  const resolve = (name) => (isBuiltin(name) ? name : current._resolveCjsModule(from, name));
  const load = (name) => {
    const path = resolve(name);
    return isSource(path) ? loadSource(path) : require(path);
  };
  return Object.assign(load, { resolve });
}
