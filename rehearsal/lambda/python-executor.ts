import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { LambdaFunction } from "./function";
import type { Executor, ExecutorEvents, Reply } from "./invocation";

let found: boolean | undefined;

/** Whether this machine has Python 3. */
export function hasPython(): boolean {
  found ??= spawnSync("python3", ["--version"]).status === 0;
  return found;
}

/** Starts a Python child for a function whose code stands in `folder`. */
export function startPython(
  { handler, memoryMb }: LambdaFunction,
  folder: string,
  environment: Readonly<Record<string, string>>,
  { onReply, onExit, onLog }: ExecutorEvents,
): Executor {
  const program = join(__dirname, "python_runtime.py");
  const child = spawn("python3", [program, folder, handler, String(memoryMb)], {
    env: { ...environment, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  });
  const calls = child.stdio[3] as Writable;
  const replies = child.stdio[4] as Readable;
  createInterface({ input: replies }).on("line", (line) => onReply(JSON.parse(line) as Reply));
  createInterface({ input: child.stdout as Readable }).on("line", onLog);
  createInterface({ input: child.stderr as Readable }).on("line", onLog);
  // A child that is gone is told by its exit.
  calls.on("error", () => {});
  child.on("error", (error) => onExit(error.message));
  child.on("exit", (code, signal) => onExit(`Runtime exited with ${signal ?? `code ${code}`}`));
  return {
    call: (call) => void calls.write(`${JSON.stringify(call)}\n`),
    stop: () => void child.kill("SIGKILL"),
  };
}
