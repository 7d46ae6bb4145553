import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onOutputLine } from "../../src/rehearsal/output-lines";
import { projectFolder } from "../support/command";

const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function isSoon(check: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(50)) if (check()) return true;
  return false;
}

/** Starts a handler that never ends, of a process that can be killed. */
const program = `
  const { CodeStore } = require("./src/rehearsal/lambda/code-store.ts");
  const { Executor } = require("./src/rehearsal/lambda/executor.ts");
  const store = new CodeStore();
  const folder = store.keep(process.env.SHOP, { sourceDir: ".", digest: "code" });
  const lambda = { runtime: process.env.RUNTIME, handler: "shop.handler", memoryMb: 128 };
  const executor = new Executor(lambda, folder, process.env, {
    onReply: () => executor.send([{ context: { timeoutMs: 1000000 }, event: "{}" }]),
    onExit: () => {},
    onLog: (line) => console.log(line + " " + folder),
  });
`;
const node = "exports.handler = () => { console.log(process.pid); for (;;); };";
const python =
  "import os\nprint(os.getpid(), flush=True)\ndef handler(event, context):\n  while True: pass\n";

test.each([
  ["SIGKILL", "nodejs22.x", "shop.js", node],
  ["SIGQUIT", "nodejs22.x", "shop.js", node],
  ["SIGKILL", "python3.12", "shop.py", python],
] as const)(
  "after %s a %s handler that spins is ended, and its folder removed",
  async (signal, runtime, file, code) => {
    const shop = mkdtempSync(join(tmpdir(), "ends-"));
    writeFileSync(join(shop, file), code);
    const rehearsal = spawn("node", ["--import", "tsx", "-e", program], {
      cwd: projectFolder,
      env: { ...process.env, SHOP: shop, RUNTIME: runtime },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(rehearsal.stdout, "data");
    const [pid = "", folder = ""] = String(line).trim().split(" ");
    expect([isThere(Number(pid)), existsSync(folder)]).toEqual([true, true]);
    rehearsal.kill(signal);
    expect(await isSoon(() => !isThere(Number(pid)) && !existsSync(folder))).toBe(true);
    rmSync(shop, { recursive: true });
  },
  40_000,
);

test("what is printed without a line's end is cut, and what comes after it is read", async () => {
  const code =
    'const a = "a".repeat(2 ** 20); for (let i = 0; i < 64; i++) process.stdout.write(a); console.log(); console.log("end")';
  const child = spawn("node", ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  onOutputLine(child.stdout, (line) => lines.push(line));
  await once(child, "close");
  expect(lines).toEqual([`${"a".repeat(65_536)}... (cut after 65536 characters)`, "end"]);
}, 30_000);
