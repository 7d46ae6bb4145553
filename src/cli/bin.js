#!/usr/bin/env node
/**
 * Starts the release command fast: out of a bundle that is kept until a file in it changes. What a verb needs
 * beside files (AWS, git, plans) has bundles of its own, which are loaded when it is used.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { asBundle, bundled, project, readKept, runBundle } = require("../../launch/kept-bundle");

/** Of its messages, which are all the project's own here: as zod imports them. */
const zodTranslations = "../locales/index.js";

/** @param entry a TypeScript file, relative to the project and without its ending */
function load(entry) {
  const key = [project, readFileSync(__filename, "utf8")].join("\n");
  const name = entry.replaceAll("/", "-");
  return runBundle(name, key, readKept(name, key) ?? bundle(entry), requireFrom(entry));
}

function bundle(entry) {
  const { buildSync } = require("esbuild");
  return bundled(
    buildSync({
      ...asBundle,
      entryPoints: [`${entry}.ts`],
      // An `import()` becomes a `require`, which loads another bundle.
      external: ["../live/*", "../synth/*", "../review/*", "./completion.js", "esbuild", zodTranslations],
      supported: { "dynamic-import": false },
      outdir: ".",
      logLevel: "error",
    }),
  );
}

function requireFrom(entry) {
  const require = Module.createRequire(join(project, "package.json"));
  return (name) => {
    if (name === zodTranslations) return {};
    return name.startsWith(".") ? load(join(dirname(entry), name.replace(/\.js$/, ""))) : require(name);
  };
}

const { guardOutput, run } = load("src/cli/cli");
guardOutput(2);
run(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  // What a call that ran out of time has left open does not keep the command.
  setTimeout(() => process.exit(), 1_000).unref();
});
