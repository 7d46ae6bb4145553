import { setTimeout as sleep } from "node:timers/promises";
import { plainPath } from "../release/definition/route-match";
import type { ReadRelease } from "../release/files/project";
import { isServedByApi, type Release } from "../release/release";
import { modelOf } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { callDeployed } from "../traffic/call";
import type { RequestHeaders } from "../traffic/headers";
import { StackFolder } from "./terraform";

/** API Gateway serves a changed stage some seconds later, and no bound is known. */
const tries = 3;
const secondsBetween = 15;

/**
 * Calls a deployed service and holds who answers against its release file.
 *
 * @param headers what each request is sent with, such as a token: routes that are not open to everybody are called too
 * @returns whether the split is the file's; true where there is nothing that may be called, which is told
 */
export async function checkSplit(
  { project, release, name }: Pick<ReadRelease, "project" | "release" | "name">,
  requests: number,
  headers: RequestHeaders = {},
): Promise<boolean> {
  if (modelOf(release).movedBy === "codedeploy") {
    console.log(
      `${name}: not called, because CodeDeploy moves the traffic and the file does not know how far`,
    );
    return true;
  }
  if (!isServedByApi(release)) {
    console.log(`${name}: not called, because it has no API`);
    return true;
  }
  const isCaller = Object.keys(headers).length > 0;
  const path = openPath(release) ?? (isCaller ? openPath(release, isCaller) : undefined);
  if (path === undefined) {
    console.log(`${name}: not called, because no GET route without variables is open to everybody`);
    return true;
  }
  const stack = new StackFolder(project, release.name);
  const { url: onDomain, api_endpoint } = stack.outputs();
  const url = `${onDomain ?? api_endpoint}${path}`;
  const expect = [...trafficOf(release)].map(([version, percent]) => ({ version, percent }));
  for (let left = tries - 1; ; left--) {
    console.log(`\n${name}: ${url}`);
    const isAsExpected = await callDeployed({ url, interval: 0.05, count: requests, headers, expect });
    if (isAsExpected || left === 0) return isAsExpected;
    await sleep(secondsBetween * 1000);
  }
}

/**
 * A route that can be called as it is.
 *
 * @param isCaller whether headers are sent that may admit a caller: no header alone is a signature for AWS_IAM
 */
function openPath(release: Release, isCaller = false): string | undefined {
  const routes = isServedByApi(release) ? release.definition.routes : [];
  return plainPath(routes, ({ authorization, apiKey = false }) =>
    isCaller ? authorization !== "AWS_IAM" : authorization === "NONE" && !apiKey,
  );
}
