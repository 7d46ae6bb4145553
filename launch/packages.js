/**
 * The npm packages of the app in one bundle, kept in node_modules/.cache with what V8 compiled of it until any
 * file in it changes: finding and compiling some hundred small files takes most of a plain start.
 */
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { deserialize, serialize } = require("node:v8");
const { Script } = require("node:vm");
const { build } = require("esbuild");
const { plugin, requireFor, stackTraces } = require("./patches");

const project = join(__dirname, "..");
const cacheFile = join(project, "node_modules/.cache/launch/packages");
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
  const key = [process.version, process.arch, ...own, ...names].join("\n");
  const kept = readKept(key);
  const { text, inputs } = kept ?? (await bundle(names));
  const script = new Script(Module.wrap(text), { filename: cacheFile, cachedData: kept?.compiled });
  const module = { exports: {} };
  const requireOfCdktf = Module.createRequire(require.resolve("cdktf"));
  script.runInThisContext()(module.exports, requireFor(requireOfCdktf), module);
  // Once the app has run, V8 has compiled what it needs.
  if (kept === undefined || script.cachedDataRejected)
    process.once("exit", () => keep({ key, text, inputs, compiled: script.createCachedData() }));
  return module.exports;
}

async function bundle(names) {
  const getters = names.map((name) => `get "${name}"() { return require("${name}") }`);
  const { outputFiles, metafile } = await build({
    absWorkingDir: project,
    stdin: { contents: `module.exports = { ${getters} }`, resolveDir: project },
    bundle: true,
    format: "cjs",
    target: "node20",
    platform: "node",
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
    write: false,
    metafile: true,
    logLevel: "silent",
    plugins: [plugin],
  });
  const inputs = Object.keys(metafile.inputs).filter((file) => file !== "<stdin>");
  const files = inputs.map((file) => join(project, file));
  return { text: outputFiles[0].text, inputs: files.map((file) => [file, stampOf(file)]) };
}

/** @returns `undefined` where there is none, or a file in it has changed since */
function readKept(key) {
  try {
    const kept = deserialize(readFileSync(cacheFile));
    const isFresh = kept.key === key && kept.inputs.every(([file, stamp]) => stampOf(file) === stamp);
    return isFresh ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Changes with every write to the file, and with its replacement. */
function stampOf(file) {
  const { ctimeMs, ino, size } = statSync(file);
  return `${ctimeMs} ${ino} ${size}`;
}

function keep(cache) {
  try {
    mkdirSync(dirname(cacheFile), { recursive: true });
    const written = `${cacheFile}.${process.pid}`;
    writeFileSync(written, serialize(cache));
    renameSync(written, cacheFile);
  } catch {
    // The folder cannot be written: the next start takes as long as this one.
  }
}

module.exports = { importsOf, loadPackages };
