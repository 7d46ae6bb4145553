import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, run } from "../support/command";
import { temporaryFolder } from "../support/project";

jest.setTimeout(60_000);

const tsx = ["--import", "tsx"];

function shell(script: string, args: readonly string[]) {
  return run(projectFolder, "bash", ["-c", script, "bash", ...args]);
}

describe("a full disk ends the program with a line", () => {
  test.each<[number, string[]]>([
    [2, ["release/cli/bin.js", "list", "--json"]],
    [2, ["release/cli/bin.js", "--help"]],
    [1, [...tsx, "rehearsal/cli.ts", "--help"]],
    [2, [...tsx, "rehearsal/rollout/cli.ts", "--help"]],
    [1, [...tsx, "rehearsal/traffic-cli.ts", "--help"]],
    [1, [...tsx, "rehearsal/codedeploy/cli.ts", "--help"]],
    [2, [...tsx, "requests/cli.ts", "--help"]],
    [2, [...tsx, "workflows/cli.ts", "environments"]],
    [1, ["launch.js"]],
  ])("%i: %j", async (exitCode, args) => {
    expect(await shell('exec node "$@" > /dev/full', args)).toEqual({
      exitCode,
      stdout: "",
      stderr: "error: the output cannot be written: ENOSPC\n",
    });
  });
});

test("what a disk takes only in part is no whole output", async () => {
  const file = join(temporaryFolder(), "out");
  const { exitCode, stderr } = await shell(`ulimit -f 1; exec node "$@" > ${file}`, [
    "release/cli/bin.js",
    "--help",
  ]);
  expect([exitCode, stderr]).toEqual([2, "error: the output cannot be written: EFBIG\n"]);
  expect(readFileSync(file)).toHaveLength(1024);
});

test("a reader that has gone ends the program quietly, and not as done", async () => {
  const script = 'node "$@" | true; exit "${PIPESTATUS[0]}"';
  expect(await shell(script, ["release/cli/bin.js", "list"])).toEqual({
    exitCode: 141,
    stdout: "",
    stderr: "",
  });
});
