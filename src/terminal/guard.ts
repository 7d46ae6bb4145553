import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";

let lines: Socket | undefined;

/**
 * Has a process group ended when this process ends, even by SIGKILL or SIGQUIT, which leave it no moment for that.
 *
 * @returns is called when the group is gone by itself
 */
export function guardGroup(pid: number | undefined): () => void {
  return pid === undefined ? () => {} : guard(`group ${pid}`);
}

/** Has a temporary folder removed in the same way. @returns is called when it is gone */
export function guardFolder(folder: string): () => void {
  return guard(`folder ${folder}`);
}

function guard(what: string): () => void {
  tell(`+${what}`);
  return () => tell(`-${what}`);
}

/** One process for all: what a handler of this process does cannot keep it from its work. */
function tell(line: string): void {
  if (lines === undefined) {
    const child = spawn(process.execPath, [join(__dirname, "guard-process.js")], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    child.on("error", () => {});
    child.unref();
    lines = child.stdin as Socket;
    lines.on("error", () => {});
    lines.unref();
  }
  lines.write(`${line}\n`);
}
