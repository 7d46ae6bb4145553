import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "./project";

/** What a command does: it gets its arguments, and prints what it returns. */
type Behaviour = (
  args: readonly string[],
  input: string,
) => { stdout?: string; stderr?: string; status?: number };

export interface FakeCommands {
  /** The folder to put at the head of PATH. */
  readonly path: string;
  /** Every call so far: `terraform plan -lock=false`. */
  calls(): string[];
}

/**
 * Programs in place of those that this machine may not have, or that would reach out.
 *
 * @param behaviours functions that use nothing from outside of them but `require`, by the command's name; or lines of
 *   the shell, which starts faster than Node
 */
export function fakeCommands(behaviours: Readonly<Record<string, Behaviour | string>>): FakeCommands {
  const folder = temporaryFolder();
  const log = join(folder, "calls");
  for (const [name, behaviour] of Object.entries(behaviours)) {
    const script = typeof behaviour === "string" ? shellScript(name, behaviour) : nodeScript(name, behaviour);
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return {
    path: folder,
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []),
  };

  function shellScript(name: string, lines: string): string {
    return `#!/bin/sh\necho "${name} $*" >> '${log}'\n${lines}\n`;
  }

  function nodeScript(name: string, behaviour: Behaviour): string {
    return [
      `#!${process.execPath}`,
      'const { appendFileSync, readFileSync } = require("node:fs");',
      "const args = process.argv.slice(2);",
      `appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(name)} + " " + args.join(" ") + "\\n");`,
      'let input = ""; try { input = readFileSync(0, "utf8"); } catch {}',
      `const { stdout = "", stderr = "", status = 0 } = (${behaviour})(args, input);`,
      "process.stdout.write(stdout); process.stderr.write(stderr); process.exitCode = status;",
    ].join("\n");
  }
}

/** Puts fake commands before all others while the tests of a file run. */
export function usedInstead({ path }: FakeCommands): void {
  const before = process.env["PATH"];
  process.env["PATH"] = [path, before].join(delimiter);
  afterAll(() => {
    process.env["PATH"] = before;
  });
}
