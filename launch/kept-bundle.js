/**
 * Code in one bundle, kept in node_modules/.cache/launch with what V8 compiled of it until any file in it changes:
 * finding and compiling some hundred small files takes most of a plain start.
 */
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { deserialize, serialize } = require("node:v8");
const { Script } = require("node:vm");

const project = join(__dirname, "..");
/** How esbuild makes what is kept: CommonJS for Node, in memory. */
const asBundle = {
  absWorkingDir: project,
  bundle: true,
  format: "cjs",
  target: "node20",
  platform: "node",
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  write: false,
  metafile: true,
};

/**
 * @param key all that the bundle depends on beside its files
 * @returns `undefined` where none was kept, or a file in it has changed since
 */
function readKept(name, key) {
  try {
    const kept = deserialize(readFileSync(fileOf(name)));
    const isFresh = kept.key === keyOf(key) && kept.inputs.every(([file, stamp]) => stampOf(file) === stamp);
    return isFresh ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** What esbuild made with these options, as it is kept. */
function bundled({ outputFiles, metafile }) {
  const inputs = Object.keys(metafile.inputs).filter((file) => file !== "<stdin>");
  const files = inputs.map((file) => join(project, file));
  return { text: outputFiles[0].text, inputs: files.map((file) => [file, stampOf(file)]) };
}

/** Runs a bundle of CommonJS, and keeps it if it is new. @returns what it exports */
function runBundle(name, key, { text, inputs, compiled }, require) {
  const script = new Script(Module.wrap(text), { filename: fileOf(name), cachedData: compiled });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module);
  // Once the program has run, V8 has compiled what it needs.
  if (compiled === undefined || script.cachedDataRejected)
    process.once("exit", () =>
      keep(name, { key: keyOf(key), text, inputs, compiled: script.createCachedData() }),
    );
  return module.exports;
}

/** What one Node and one version of this file have kept is of no use to another. */
function keyOf(key) {
  return [process.version, process.arch, readFileSync(__filename, "utf8"), key].join("\n");
}

function fileOf(name) {
  return join(project, "node_modules/.cache/launch", name);
}

/** Changes with every write to the file, and with its replacement. */
function stampOf(file) {
  const { ctimeMs, ino, size } = statSync(file);
  return `${ctimeMs} ${ino} ${size}`;
}

function keep(name, bundle) {
  const file = fileOf(name);
  const written = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(written, serialize(bundle));
    renameSync(written, file);
  } catch {
    // The folder cannot be written, or the disk is full: the next start takes as long as this one.
    remove(written);
  }
}

function remove(file) {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nothing can be written here, and so nothing was.
  }
}

module.exports = { asBundle, bundled, project, readKept, runBundle };
