/**
 * Starts main.ts fast: `node launch.js`, as cdktf.json and `npm run synth` do.
 *
 * The sources are translated by one asynchronous esbuild call, file by file and always from disk, while cdktf
 * loads. What is left out of loading stands in `leaveOut`; `node --import tsx main.ts` does the same without
 * any of this, byte for byte.
 */
const { readdirSync } = require("node:fs");
const Module = require("node:module");
const { join, relative } = require("node:path");

const sourceFolders = ["constructs", "packaging", "release", "stacks"];

/** Every TypeScript file that main.ts may import. */
function sources() {
  const below = sourceFolders.flatMap((folder) =>
    readdirSync(join(__dirname, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(__dirname, folder, file)),
  );
  return [join(__dirname, "main.ts"), ...below];
}

async function translate() {
  const { build } = require("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: __dirname,
    entryPoints: sources(),
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

/**
 * Modules that cost time and that a synthesis hardly ever uses:
 * - archiver zips TerraformAssets, and no stack has one: Terraform's archive provider zips;
 * - semver compares versions of Terraform where a resource is moved or imported;
 * - zod's translations of its own messages: every message here is the project's own.
 */
const loadedAtFirstUse = ["archiver", "semver"];

function leaveOut() {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (loadedAtFirstUse.includes(request)) return atFirstUse(() => load.call(this, request, ...rest));
    if (request === "../locales/index.cjs")
      return { en: load.call(this, "../locales/en.cjs", ...rest).default };
    return load.call(this, request, ...rest);
  };
}

function atFirstUse(load) {
  return new Proxy(() => {}, {
    get: (_, name) => load()[name],
    apply: (_, self, args) => Reflect.apply(load(), self, args),
  });
}

/** cdktf captures a stack trace for every construct, for messages that this project does not show. */
function withoutCreationStacks() {
  require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
}

async function main() {
  // On Node 22 and newer cdktf's use of util.isArray would be told in each synth.
  process.noDeprecation = true;
  // Node 22 and newer keep what V8 compiled of each file, by its content.
  Module.enableCompileCache?.();
  const translated = translate();
  leaveOut();
  withoutCreationStacks();
  require("cdktf");
  const texts = await translated;
  Module._extensions[".ts"] = (module, file) => module._compile(texts.get(file), file);
  require("./main.ts");
}

main().catch((error) => {
  console.error(`${relative(process.cwd(), __filename)}: ${error.message}`);
  process.exit(1);
});
