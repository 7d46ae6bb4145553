import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ReadRelease } from "../release/project";
import type { ReleaseContext } from "../release/release-context";
import { plainPath } from "../release/route-match";
import { definitionInFile } from "../release/service-functions";
import { modelOf } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { StackFolder } from "./terraform";

/** API Gateway serves a changed stage some seconds later, and no bound is known. */
const tries = 3;
const secondsBetween = 15;

/**
 * Calls a deployed service and holds who answers against its release file.
 *
 * @returns whether the split is the file's; true where there is nothing that may be called, which is told
 */
export function checkSplit({ project, context, name }: ReadRelease, requests: number): boolean {
  if (modelOf(context.file).movedBy === "codedeploy") {
    console.log(
      `${name}: not called, because CodeDeploy moves the traffic and the file does not know how far`,
    );
    return true;
  }
  const path = openPath(context);
  if (path === undefined) {
    console.log(`${name}: not called, because no GET route without variables is open to everybody`);
    return true;
  }
  const stack = new StackFolder(project, `${context.service}-${context.environment.name}`);
  const url = `${stack.outputs()["api_endpoint"]}${path}`;
  const expected = [...trafficOf(context.file)].flatMap(([version, percent]) => [
    "--expect",
    `${version}=${percent}`,
  ]);
  const args = ["--url", url, "--interval", "0.05", "--count", String(requests), ...expected];
  for (let left = tries - 1; ; left--) {
    console.log(`\n${name}: ${url}`);
    const { status } = spawnSync("node", ["--import", "tsx", join(project, "src/cli/traffic.ts"), ...args], {
      cwd: project,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (status === 0 || left === 0) return status === 0;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, secondsBetween * 1000);
  }
}

/** A route that can be called as it is. */
function openPath(context: ReleaseContext): string | undefined {
  return plainPath(definitionInFile(context).routes, ({ authorization }) => authorization === "NONE");
}
