import { setTimeout as sleep } from "node:timers/promises";
import type { ReadRelease } from "../release/project";
import type { ReleaseContext } from "../release/release-context";
import { plainPath } from "../release/route-match";
import { definitionInFile } from "../release/service-functions";
import { modelOf } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { callDeployed } from "../traffic/call";
import { StackFolder } from "./terraform";

/** API Gateway serves a changed stage some seconds later, and no bound is known. */
const tries = 3;
const secondsBetween = 15;

/**
 * Calls a deployed service and holds who answers against its release file.
 *
 * @returns whether the split is the file's; true where there is nothing that may be called, which is told
 */
export async function checkSplit(
  { project, context, name }: Pick<ReadRelease, "project" | "context" | "name">,
  requests: number,
): Promise<boolean> {
  if (modelOf(context.file).movedBy === "codedeploy") {
    console.log(`${name}: not called, for CodeDeploy moves the traffic, and the file does not know how far`);
    return true;
  }
  const path = openPath(context);
  if (path === undefined) {
    console.log(`${name}: not called, for no GET route without variables is open to everybody`);
    return true;
  }
  const stack = new StackFolder(project, `${context.service}-${context.environment.name}`);
  const url = `${stack.outputs()["api_endpoint"]}${path}`;
  const expect = [...trafficOf(context.file)].map(([version, percent]) => ({ version, percent }));
  for (let left = tries - 1; ; left--) {
    console.log(`\n${name}: ${url}`);
    const isAsExpected = await callDeployed({ url, interval: 0.05, count: requests, expect });
    if (isAsExpected || left === 0) return isAsExpected;
    await sleep(secondsBetween * 1000);
  }
}

/** A route that can be called as it is. */
function openPath(context: ReleaseContext): string | undefined {
  return plainPath(definitionInFile(context).routes, ({ authorization }) => authorization === "NONE");
}
