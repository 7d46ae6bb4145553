import { spawnSync } from "node:child_process";
import { dirname } from "node:path";

/** The versions of Node that this package works with. */
export const nodes = ["20", "22", "24"] as const;

/**
 * The program of a version of Node: that which runs here, or what npm has in its package `node`, which it keeps in its
 * cache.
 *
 * @throws where npm cannot get it
 */
export function nodeOf(version: string): string {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  const args = ["exec", "--yes", `--package=node@${version}`, "--", "node", "-p", "process.execPath"];
  const { status, stdout, stderr } = spawnSync("npm", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`npm cannot get Node ${version}: ${stderr}`);
  return stdout.trim();
}

/** Has a command find a Node before any other of the path. */
export function pathWith(node: string): string {
  return `${dirname(node)}:${process.env["PATH"]}`;
}
