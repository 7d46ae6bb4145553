import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { nodeOf, nodes, pathWith } from "../__tests__/support/nodes";
import { guardOutput } from "../src/terminal/output";

/**
 * Runs the tests that depend on Node under each version of it: `npm run test:nodes`, `npm run test:nodes -- 24`; with
 * `--all` every test of `npm test`. Node comes from npm where it is not the one that runs here.
 */
const files = [
  // The app: launched, from a foreign folder, with the packages that it loads.
  "launch.test.ts",
  "stacks/stacks.test.ts",
  "stacks/aws-provider-6.test.ts",
  // Handlers: bundled, packaged, and run as processes of Node and of Python.
  "synth/bundle.test.ts",
  "synth/bundle-refusals.test.ts",
  "synth/handler-files.test.ts",
  "rehearsal/lambda.test.ts",
  "rehearsal/streaming.test.ts",
  "rehearsal/function-pool.test.ts",
  "rehearsal/ends.test.ts",
  "rehearsal/bootstrap.test.ts",
  // The command as a program, its output and its end, and calls to AWS.
  "rehearsal/cli.test.ts",
  "terminal/output.test.ts",
  "cli/write-file.test.ts",
  "live/clients.test.ts",
  "hooks/hook.test.ts",
].map((file) => `__tests__/${file}`);

const project = join(__dirname, "..");

const given = process.argv.slice(2);
const isAll = given.includes("--all");
const versions = given.filter((one) => one !== "--all");

function test(version: string): boolean {
  const node = nodeOf(version);
  console.log(`\nNode ${version}: ${node}`);
  const jest = join(project, "node_modules/jest/bin/jest.js");
  const only = isAll ? [] : ["--runTestsByPath", ...files];
  const { status } = spawnSync(node, [jest, "--selectProjects", "unit", ...only], {
    cwd: project,
    stdio: "inherit",
    env: { ...process.env, PATH: pathWith(node) },
  });
  return status === 0;
}

guardOutput(1);
const failed = (versions.length > 0 ? versions : nodes).filter((version) => !test(version));
console.log(failed.length === 0 ? "\nevery Node passes" : `\nfails with Node ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
