import { liveStops, recordedStops } from "../live/live-stops";
import { changeOf, editsOf, writeChange } from "../release/files/change";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import type { FunctionsRelease } from "../release/release";
import { sharesOf } from "../release/split";
import { standingOf } from "../release/steps/standing";
import { type Stop, stopText, stopToTakeIn } from "../release/steps/stops";
import { rollback } from "../release/verbs/transitions";
import { versionId } from "../release/version-id";
import { codeSpan } from "../review/code-span";
import { beginBranch } from "./branch";
import { commitRelease, pullRequestLink } from "./commit";
import { environmentNamed } from "./environments";
import type { GitHub } from "./github";

interface PullRequest {
  readonly html_url: string;
}

/**
 * Opens a pull request for each stop that a file of an environment has not taken in. A stop has one pull request: where
 * somebody closed it, that is an answer. Without a stop it reads one parameter of each service that has a guard.
 *
 * @param from the branch that it runs on
 * @returns a line for each stop
 * @throws {Unable} with a line for each service whose stops are not known, or have no pull request, when all else is done
 */
export async function openStops(
  github: GitHub,
  project: string,
  environment: string,
  from: string,
): Promise<string[]> {
  const lines: string[] = [];
  const troubles: string[] = [];
  for (const { release } of environmentNamed(project, environment).stacks) {
    if (release === undefined || release.versionKind === "container" || release.guard === undefined) continue;
    const name = `${environment}/${release.service}`;
    try {
      const stop = stopToTakeIn(standingOf(release), await recordedStops(release));
      if (stop !== undefined) lines.push(`${name}: ${await openStop(github, name, release, stop, from)}`);
    } catch (error) {
      troubles.push(`${name}: ${(error as Error).message}`);
    }
  }
  for (const line of lines) console.log(line);
  if (troubles.length > 0) throw new Unable(...troubles);
  return lines;
}

async function openStop(
  github: GitHub,
  name: string,
  release: FunctionsRelease,
  stop: Stop,
  from: string,
): Promise<string> {
  const branch = branchOf(name, stop);
  const [owner = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
  const [known] = await github.get<PullRequest[]>(
    `/pulls?state=all&head=${encodeURIComponent(`${owner}:${branch}`)}`,
  );
  if (known !== undefined) return `${known.html_url} has the stop of ${stop.version}`;
  const { traffic } = await liveStops(release);
  if ((sharesOf(traffic).get(stop.version) ?? 0) > 0)
    return `AWS still sends users to ${stop.version}, which was stopped: the guard moves them within two minutes`;
  const read = readRelease(name);
  takeIn(read, stop);
  await beginBranch(github, branch, from);
  const message = `${name}: ${stopText({ ...stop, reason: stop.reason.replace(/\s+/g, " ") })}`;
  await commitRelease(read, { message, branch });
  const title = `${name}: ${stop.version} was stopped at ${stop.at}`;
  const body = bodyOf(name, stop);
  const opened = await github
    .send<PullRequest>("POST", "/pulls", { title, head: branch, base: from, body })
    .catch((error: Error) => {
      throw new Unable(
        `${error.message}; let workflows open pull requests in the repository's settings (Actions, General), ` +
          `or open it yourself: ${pullRequestLink(from, branch)}`,
      );
    });
  return `opened ${opened.html_url} for the stop of ${stop.version}`;
}

/** `stops/dev/orders/v2-2026-11-27T10-41-07Z` */
function branchOf(name: string, { version, at }: Stop): string {
  return `stops/${name}/${versionId(version)}-${at.replace(/[^\dTZ]/g, "-")}`;
}

/** As `sync` does. */
function takeIn(read: ReadRelease, { at }: Stop): void {
  writeChange(
    changeOf(
      read,
      editsOf(read, (state) => rollback(state, { now: new Date(at) })),
    ),
  );
}

function bodyOf(name: string, { version, at, by, reason }: Stop): string {
  return [
    `${codeSpan(version)} of ${codeSpan(name)} was stopped at ${codeSpan(at)} by ${codeSpan(by)}. Merging this writes the stop into the file, and moves no traffic.`,
    `Why: ${codeSpan(reason)}`,
    "A pull request that a workflow opened starts no review: close it and open it again.",
    `After the repair: ${codeSpan(`npx lambda-release start ${name} ${version}`)}`,
  ].join("\n\n");
}
