/**
 * Runs TypeScript as it stands on disk: `node -r lambda-release/launch main.ts`. Types are dropped, and not checked.
 */
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { join, relative } = require("node:path");

// Node 22 and later keep the compiled code for the next start. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
Module.enableCompileCache?.();

// Only the repository has it, whose sources are the package.
const build = join(__dirname, "build.js");
if (existsSync(build)) require(build);

Module._extensions[".ts"] = (module, file) => {
  const { transformSync } = require("esbuild");
  const { code } = transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcefile: relative(process.cwd(), file),
  });
  module._compile(code, file);
};
