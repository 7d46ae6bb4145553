import { hasPython } from "../../src/rehearsal/lambda/executor";

/** Tests that need Python: without it they are skipped, which is said aloud, and in CI they fail. */
export function describePython(name: string, tests: () => void): void {
  if (hasPython() || process.env["CI"] !== undefined) describe(name, tests);
  else {
    process.stderr.write(`\nSKIPPED: "${name}" needs python3, which is not on this machine\n\n`);
    describe.skip(name, tests);
  }
}
