import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder, run } from "../support/command";
import { temporaryFolder } from "../support/project";

jest.setTimeout(60_000);

function shell(script: string, args: readonly string[]) {
  return run(projectFolder, "bash", ["-c", script, "bash", ...args]);
}

describe("a full disk ends the program with a line", () => {
  test.each([
    ["list", "--json"],
    ["--help"],
    ["rehearse", "--help"],
    ["workflow", "environments"],
    ["synth"],
  ])("%s %s", async (...verb) => {
    const args = ["bin.js", ...verb.filter((word) => word !== undefined)];
    expect(await shell('exec node "$@" > /dev/full', args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "error: the output cannot be written: ENOSPC\n",
    });
  });
});

test("what a disk takes only in part is no whole output", async () => {
  const file = join(temporaryFolder(), "out");
  const { exitCode, stderr } = await shell(`ulimit -f 1; exec node "$@" > ${file}`, ["bin.js", "--help"]);
  expect([exitCode, stderr]).toEqual([2, "error: the output cannot be written: EFBIG\n"]);
  expect(readFileSync(file)).toHaveLength(1024);
});

test("a reader that has gone ends the program quietly, and not as done", async () => {
  const script = 'node "$@" | true; exit "${PIPESTATUS[0]}"';
  expect(await shell(script, ["bin.js", "list"])).toEqual({
    exitCode: 141,
    stdout: "",
    stderr: "",
  });
});
