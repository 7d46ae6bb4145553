#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

// Node 22 and later keep the compiled code for the next start. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
enableCompileCache?.();

// Only the repository has it, whose sources are the package.
const build = join(__dirname, "build.js");
if (existsSync(build)) require(build);
require("./dist/src/cli/main.js");
