import { spawnSync } from "node:child_process";

/** Whether a Go program for Lambda can be built here, and runs here: it is built for this processor and Linux. */
export const canRunGo =
  process.platform === "linux" &&
  process.arch === "x64" &&
  spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;

/** Tests that need Go: without it they are skipped, which is said aloud, and in CI they fail. */
export function describeGo(name: string, tests: () => void): void {
  if (canRunGo || process.env["CI"] !== undefined) describe(name, tests);
  else {
    process.stderr.write(`\nSKIPPED: "${name}" needs Go on Linux with x86_64\n\n`);
    describe.skip(name, tests);
  }
}
