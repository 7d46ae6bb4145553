/**
 * Starts main.ts fast: `node launch.js`, as cdktf.json and `npm run synth` do.
 *
 * Most of a synthesis would go into finding and compiling some hundred small files. Here one esbuild call
 * translates the sources, always from disk, and the packages come out of one bundle, which is kept until any
 * file in it changes. `node --import tsx main.ts` does the same without any of this, byte for byte.
 */
const { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, relative } = require("node:path");
const { deserialize, serialize } = require("node:v8");
const { Script } = require("node:vm");
const { build } = require("esbuild");

const sourceFolders = ["constructs", "packaging", "release", "stacks"];
/** Packages of plain code, which does not ask where it stands. Any other is loaded as Node does it. */
const plainPackages = /^(@cdktf\/provider-\w+|cdktf|constructs|fastest-levenshtein|jsonc-parser|zod)(\/|$)/;
/** cdktf captures a stack trace for every construct, for messages that this project does not show. */
const stackTraces = "cdktf/lib/tokens/private/stack-trace";
/**
 * What a synthesis hardly ever uses. archiver zips TerraformAssets, and no stack has one: Terraform's archive
 * provider zips. semver compares versions of Terraform where a resource is moved or imported.
 */
const loadedAtFirstUse = /^(archiver|semver)$/;
/** Files of packages that are changed on their way into the bundle. */
const patches = [
  // zod's translations of its messages: every message here is the project's own.
  { filter: /\/zod\/v4\/locales\/index\.cjs$/, change: () => 'exports.en = require("./en.cjs").default;' },
  // cdktf looks for tokens in every key and value, five times over: plain text, which most are, has none.
  {
    filter: /\/cdktf\/lib\/tokens\/private\/resolve\.js$/,
    change: (text) =>
      `${text.replace(/makeContext\([^)]*\)\[0\]\.resolve\((key|x|obj\[key\])\)/g, "(isPlain($1) ? $1 : $&)")}
      const isPlain = (value) => value == null || typeof value === "string" && /^[\\w.:/-]*$/.test(value);`,
  },
];

const cacheFile = join(__dirname, "node_modules/.cache/launch/packages");
const common = { absWorkingDir: __dirname, format: "cjs", target: "node20", platform: "node", write: false };

/** Every TypeScript file that main.ts may import. */
function sources() {
  const below = sourceFolders.flatMap((folder) =>
    readdirSync(join(__dirname, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(__dirname, folder, file)),
  );
  return [join(__dirname, "main.ts"), ...below];
}

async function translate(files) {
  const folders = { outbase: __dirname, outdir: __dirname };
  const { outputFiles } = await build({ ...common, ...folders, entryPoints: files, logLevel: "error" });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/\.js$/, ".ts"), text]));
}

/** The modules of plain packages that the sources import, by the names that they use. */
function importsOf(files) {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type\b)[^"]*?from "([^"]+)"/gm)].map(
      ([, name]) => name,
    ),
  );
  return [...new Set([stackTraces, ...names.filter((name) => plainPackages.test(name))])].sort();
}

/** Loads the bundle that was kept, or makes it anew. @returns each module by its name, run at its first use */
async function packages(names) {
  const key = [process.version, process.arch, readFileSync(__filename), ...names].join(" ");
  const kept = readKept(key);
  const { text, inputs } = kept ?? (await bundle(names));
  const script = new Script(Module.wrap(text), { filename: cacheFile, cachedData: kept?.compiled });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireForBundle, module);
  // Once main.ts has run, V8 has compiled what a synthesis needs.
  if (kept === undefined || script.cachedDataRejected)
    process.once("exit", () => keep({ key, text, inputs, compiled: script.createCachedData() }));
  return module.exports;
}

async function bundle(names) {
  const getters = names
    .map((name) => JSON.stringify(name))
    .map((name) => `get ${name}() { return require(${name}) }`);
  const { outputFiles, metafile } = await build({
    ...common,
    stdin: { contents: `module.exports = { ${getters} }`, resolveDir: __dirname },
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    mainFields: ["module", "main"],
    metafile: true,
    logLevel: "silent",
    plugins: [{ name: "patch", setup: patch }],
  });
  const files = Object.keys(metafile.inputs).filter((file) => file !== "<stdin>");
  return { text: outputFiles[0].text, inputs: files.map((file) => [file, stampOf(file)]) };
}

function patch({ onLoad, onResolve }) {
  onResolve({ filter: loadedAtFirstUse }, ({ path }) => ({ path, external: true }));
  for (const { filter, change } of patches)
    onLoad({ filter }, ({ path }) => ({ contents: change(readFileSync(path, "utf8")) }));
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
  const { ctimeMs, ino, size } = statSync(join(__dirname, file));
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

const requireOfCdktf = Module.createRequire(require.resolve("cdktf"));

function requireForBundle(name) {
  if (!loadedAtFirstUse.test(name)) return require(name);
  return new Proxy(() => {}, {
    get: (_, member) => requireOfCdktf(name)[member],
    apply: (_, self, args) => Reflect.apply(requireOfCdktf(name), self, args),
  });
}

async function main() {
  // On Node 22 and newer cdktf's use of util.isArray would be told in each synth.
  process.noDeprecation = true;
  const files = sources();
  const translated = translate(files);
  const names = importsOf(files);
  const bundled = await packages(names);
  const load = Module._load;
  Module._load = (name, ...rest) => (names.includes(name) ? bundled[name] : load(name, ...rest));
  bundled[stackTraces].captureStackTrace = () => [];
  // They are run while esbuild works.
  for (const name of names) void bundled[name];
  const texts = await translated;
  Module._extensions[".ts"] = (module, file) => module._compile(texts.get(file), file);
  require("./main.ts");
}

main().catch((error) => {
  console.error(`${relative(process.cwd(), __filename)}: ${error.message}`);
  process.exit(1);
});
