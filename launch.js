/**
 * Starts main.ts fast: `node launch.js`, as cdktf.json and `npm run synth` do.
 *
 * One esbuild call translates the sources, always from disk, while the packages are loaded as launch/packages.js
 * tells. `node --import tsx main.ts` does the same without any of this, byte for byte.
 */
const { readdirSync } = require("node:fs");
const Module = require("node:module");
const { join, relative } = require("node:path");
const { build } = require("esbuild");
const { importsOf, loadPackages } = require("./launch/packages");
const { synthesizeInOneRun, withoutStackTraces } = require("./launch/patches");

const app = join(__dirname, "main.ts");
const sourceFolders = ["constructs", "stacks", "src/release", "src/synth", "src/terminal"];

/** Every TypeScript file that the app may import: commands, and their help, are other programs. */
function sources() {
  const below = sourceFolders.flatMap((folder) =>
    readdirSync(join(__dirname, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts") && file !== "help.ts")
      .map((file) => join(__dirname, folder, file)),
  );
  return [app, ...below];
}

async function translate(files) {
  const { outputFiles } = await build({
    absWorkingDir: __dirname,
    entryPoints: files,
    outbase: __dirname,
    outdir: __dirname,
    write: false,
    format: "cjs",
    target: "node20",
    platform: "node",
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/\.js$/, ".ts"), text]));
}

async function main() {
  // On Node 22 and newer cdktf's use of util.isArray would be told in each synth.
  process.noDeprecation = true;
  const files = sources();
  const translated = translate(files);
  const names = importsOf(files);
  const packages = await loadPackages(names);
  withoutStackTraces(packages);
  synthesizeInOneRun(packages.cdktf, app);
  // They are run while esbuild works.
  for (const name of names) void packages[name];

  const load = Module._load;
  Module._load = (name, ...rest) => (names.includes(name) ? packages[name] : load(name, ...rest));
  const texts = await translated;
  Module._extensions[".ts"] = (module, file) => module._compile(texts.get(file), file);
  require(app);
}

main().catch((error) => {
  console.error(`${relative(process.cwd(), __filename)}: ${error.message}`);
  process.exit(1);
});
