#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

// Only the repository has it, whose sources are the package.
const build = join(__dirname, "build.js");
if (existsSync(build)) require(build);
require("./dist/src/cli/main.js");
