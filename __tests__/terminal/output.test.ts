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
    [2, ["src/cli/bin.js", "list", "--json"]],
    [2, ["src/cli/bin.js", "--help"]],
    [1, [...tsx, "src/cli/start.ts", "--help"]],
    [2, [...tsx, "src/cli/rehearse.ts", "--help"]],
    [1, [...tsx, "src/cli/traffic.ts", "--help"]],
    [1, [...tsx, "src/cli/codedeploy.ts", "--help"]],
    [2, [...tsx, "src/cli/check-requests.ts", "--help"]],
    [2, [...tsx, "src/cli/workflow.ts", "environments"]],
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
    "src/cli/bin.js",
    "--help",
  ]);
  expect([exitCode, stderr]).toEqual([2, "error: the output cannot be written: EFBIG\n"]);
  expect(readFileSync(file)).toHaveLength(1024);
});

test("a reader that has gone ends the program quietly, and not as done", async () => {
  const script = 'node "$@" | true; exit "${PIPESTATUS[0]}"';
  expect(await shell(script, ["src/cli/bin.js", "list"])).toEqual({
    exitCode: 141,
    stdout: "",
    stderr: "",
  });
});
