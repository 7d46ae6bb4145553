/**
 * Makes lambda-release-cdktn-<version>.tgz, the same package for CDK Terrain: `npm run pack:cdktn`. It packs the package
 * first, or takes one that is packed, and writes beside it: `npm run pack:cdktn -- lambda-release-0.1.0.tgz`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makeForCdktn } from "./cdktn-package";

const folder = mkdtempSync(join(tmpdir(), "pack-cdktn-"));
try {
  const [given] = process.argv.slice(2);
  const packed = given === undefined ? pack(join(__dirname, ".."), folder) : resolve(given);
  run("tar", ["xzf", packed, "-C", folder], folder);
  makeForCdktn(join(folder, "package"));
  console.log(pack(join(folder, "package"), given === undefined ? process.cwd() : dirname(packed)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns the path of the tarball */
function pack(source: string, destination: string): string {
  const printed = run("npm", ["pack", "--json", "--pack-destination", destination], source);
  const [{ filename }] = JSON.parse(printed.slice(printed.indexOf("[")));
  return join(destination, filename);
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status === 0) return stdout;
  throw new Error(`'${[command, ...args].join(" ")}' failed: ${error?.message ?? stderr}`);
}
