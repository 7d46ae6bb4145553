/**
 * All that a fast start leaves out of packages or changes in them. `node --import tsx main.ts` runs the same app
 * without any of it and writes the same bytes, which a test compares.
 */
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");

/**
 * What a synthesis hardly ever uses. archiver zips TerraformAssets, and no stack has one: Terraform's archive
 * provider zips. semver compares versions of Terraform where a resource is moved or imported.
 */
const loadedAtFirstUse = /^(archiver|semver)$/;

/** Files that are changed on their way into the bundle. */
const changes = [
  // zod's translations of its messages: every message here is the project's own.
  { filter: /\/zod\/v4\/locales\/index\.cjs$/, change: () => 'exports.en = require("./en.cjs").default;' },
  // cdktf looks for tokens in every key and value, several times over: plain text, which most are, has none.
  {
    filter: /\/cdktf\/lib\/tokens\/private\/resolve\.js$/,
    change: (text) =>
      `${text.replace(/makeContext\([^)]*\)\[0\]\.resolve\((key|x|obj\[key\])\)/g, "(isPlain($1) ? $1 : $&)")}
      const isPlain = (value) => value == null || typeof value === "string" && /^[\\w.:/-]*$/.test(value);`,
  },
  // A stack's elements are resolved one by one, and then, merged, once more: for overrides alone.
  {
    filter: /\/cdktf\/lib\/terraform-stack\.js$/,
    change: (text) =>
      text.replace(
        /\(tf, this\.rawOverrides\);\s*return \(0, _tokens_1\.resolve\)\(this, tf\);/,
        "(tf, (0, _tokens_1.resolve)(this, this.rawOverrides)); return tf;",
      ),
  },
  // Told where one stack refers to another: see `synthesizeInOneRun`.
  {
    filter: /\/cdktf\/lib\/tfExpression\.js$/,
    change: (text) =>
      text.replace(
        "if (context.preparing) {",
        "if (this.originStack && this.originStack !== resolutionStack) throw this.originStack; $&",
      ),
  },
];

/** As a plugin of esbuild. */
const plugin = {
  name: "patches",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: loadedAtFirstUse }, ({ path }) => ({ path, external: true }));
    for (const { filter, change } of changes)
      onLoad({ filter }, ({ path }) => ({ contents: change(readFileSync(path, "utf8")) }));
  },
};

/** `require` for the bundle. @param requireOfCdktf where cdktf finds its own packages */
const requireFor = (requireOfCdktf) => (name) => {
  if (!loadedAtFirstUse.test(name)) return require(name);
  return new Proxy(() => {}, {
    get: (_, member) => requireOfCdktf(name)[member],
    apply: (_, self, args) => Reflect.apply(requireOfCdktf(name), self, args),
  });
};

/** cdktf captures a stack trace for every construct, for messages that this project does not show. */
const stackTraces = "cdktf/lib/tokens/private/stack-trace";

function withoutStackTraces(bundle) {
  bundle[stackTraces].captureStackTrace = () => [];
}

/**
 * cdktf resolves every stack twice, the first time to find references from one stack to another. No stack here
 * has one, so the first run is left out; where there is one after all, the plain start does the work.
 *
 * @param app file of the app
 */
function synthesizeInOneRun({ App, TerraformStack }, app) {
  TerraformStack.prototype.prepareStack = function () {
    this.ensureBackendExists();
  };
  const { synth } = App.prototype;
  App.prototype.synth = function () {
    try {
      synth.call(this);
    } catch (error) {
      if (!TerraformStack.isStack(error)) throw error;
      const { status } = spawnSync(process.execPath, ["--import", "tsx", app], { stdio: "inherit" });
      process.exit(status);
    }
  };
}

module.exports = { plugin, requireFor, stackTraces, synthesizeInOneRun, withoutStackTraces };
