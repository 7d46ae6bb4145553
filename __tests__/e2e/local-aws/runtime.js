/**
 * Starts a function as its package wants it: a `bootstrap` is a program of its own, anything else is for Node.
 * `node runtime.js <folder> <handler> <memory in MB>`
 */
const { chmodSync, existsSync } = require("node:fs");
const { join } = require("node:path");

const [, , folder] = process.argv;
const runtimes = join(__dirname, "../../../src/rehearsal/lambda");
const bootstrap = join(folder, "bootstrap");
if (existsSync(bootstrap)) {
  // LocalStack unpacks files without their modes.
  chmodSync(bootstrap, 0o755);
  require(join(runtimes, "bootstrap-runtime.js"));
} else {
  require(join(runtimes, "node-runtime.js"));
}
