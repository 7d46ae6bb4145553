import { spawnSync } from "node:child_process";
import { Unable } from "../release/files/project";

/** Runs git in a project. @throws {Unable} where it fails */
export function gitIn(project: string) {
  return (...args: string[]): string => {
    const { status, stdout, stderr, error } = spawnSync("git", args, { cwd: project, encoding: "utf8" });
    if (error !== undefined) throw new Unable(`git cannot be run: ${error.message}`);
    if (status !== 0) throw new Unable(`git ${args.find((arg) => /^[a-z]/.test(arg))}: ${stderr.trim()}`);
    return stdout.trim();
  };
}
