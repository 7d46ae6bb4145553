import { setTimeout as sleep } from "node:timers/promises";
import { type ReadRelease, Unable } from "../release/files/project";
import { isServedByApi, type Release } from "../release/release";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { trafficOf } from "../release/traffic";
import { callDeployed } from "../traffic/call";
import type { RequestHeaders } from "../traffic/headers";
import { type Place, splitRequest } from "../traffic/prepared-request";
import type { SentRequest } from "../traffic/sent-request";
import { type AskWhoAnswered, askRehearsal, isLocal } from "../traffic/who-answered";
import { callablePath, deployedUrl } from "./deployed-url";

/** API Gateway serves a changed stage some seconds later, and no bound is known. */
const tries = 3;
const secondsBetween = 15;

/**
 * Calls a deployed service and holds who answers against its release file.
 *
 * @param headers what each request is sent with, such as a token: routes that are not open to everybody are called too
 * @param environment the variables that headers of a declared request may name
 * @returns whether the split is the file's; true where there is nothing that may be called, which is told
 * @throws {Unable} where which version answered is not known
 */
export async function checkSplit(
  { project, release, name, path: file }: Pick<ReadRelease, "project" | "release" | "name" | "path">,
  requests: number,
  headers: RequestHeaders = {},
  environment: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  const model = modelOf(release);
  if (shiftsByItself(model)) {
    console.log(
      `${name}: not called, because ${model.movedBy === "ecs" ? "ECS" : "CodeDeploy"} moves the traffic and the file does not know how far`,
    );
    return true;
  }
  if (!isServedByApi(release)) {
    console.log(`${name}: not called, because it has no API`);
    return true;
  }
  const request = requestOfSplit(release, headers, { project, file, environment });
  if (request === undefined) {
    console.log(
      `${name}: not called, because no GET route without variables is open to everybody; "split": true at one of 'requests' names what to call`,
    );
    return true;
  }
  const url = `${deployedUrl(project, release)}${request.path}`;
  const expect = [...trafficOf(release)].map(([version, percent]) => ({ version, percent }));
  const ask = await askerOf(release, url);
  for (let left = tries - 1; ; left--) {
    console.log(`\n${name}: ${request.method === undefined ? "" : `${request.method} `}${url}`);
    const outcome = await callDeployed({ url, interval: 0.05, count: requests, sent: request, expect, ask });
    if (outcome === 2) throw new Unable(`${name}: which version answered is not known`);
    if (outcome === 0 || left === 0) return outcome === 0;
    await sleep(secondsBetween * 1000);
  }
}

/** What a split is measured with: the declared request, or else a GET of the first route that can be called as it is. */
export function requestOfSplit(
  release: Release,
  headers: RequestHeaders,
  place: Place,
): SentRequest | undefined {
  const declared = splitRequest(release, headers, place);
  if (declared !== undefined) return declared;
  const path = callablePath(release, Object.keys(headers).length > 0);
  return path === undefined ? undefined : { path, headers };
}

/** Who knows which version answered, where no response says it. The AWS SDK is loaded with it. */
export async function askerOf(release: Release, url: string): Promise<AskWhoAnswered | undefined> {
  if (isLocal(url)) return askRehearsal(url);
  if (!isServedByApi(release)) return undefined;
  const { askAws } = await import("../live/who-answered.js");
  return askAws(release);
}
