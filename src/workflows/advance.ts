import { createHash } from "node:crypto";
import { type Advance, readAdvance } from "../live/advance";
import { readLiveShare } from "../live/live-share";
import { goesOnByItself } from "../release/auto-steps";
import { writeChange } from "../release/files/change";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import { standingOf } from "../release/standing";
import { Refusal } from "../release/transitions";
import { versionId } from "../release/version-id";
import { CannotReview } from "../review/cannot-review";
import { codeSpan } from "../review/code-span";
import { review } from "../review/review";
import { type AdvanceChange, advanceChange } from "./advance-change";
import { proposalText } from "./advance-text";
import { beginBranch } from "./branch";
import { commitRelease, pathInRepository } from "./commit";
import { environmentNamed } from "./environments";
import type { GitHub } from "./github";
import { mergeIfReady } from "./merge";
import { originOf, type Proposal, Proposals } from "./proposals";

/** What the run works with. */
interface Run {
  readonly github: GitHub;
  /** The branch that it runs on. */
  readonly from: string;
  readonly now: Date;
}

/** A service, and what was found of it. */
interface Service {
  readonly read: ReadRelease;
  readonly proposals: Proposals;
  /** @default - nothing is on trial */
  readonly found?: Advance;
}

/**
 * Proposes the next step of each release of an environment that goes on by itself, and the rollback of each that is
 * worse: a pull request for each, once. Closes those that do not hold any more, and merges where the environment says so.
 *
 * @param from the branch that it runs on
 * @returns a line for each service
 * @throws {Unable} with a line for each service that is not known, or could not be proposed, when all else is done
 */
export async function proposeSteps(
  github: GitHub,
  project: string,
  environment: string,
  from: string,
  now: Date,
): Promise<string[]> {
  const lines: string[] = [];
  const troubles: string[] = [];
  const { stacks } = environmentNamed(project, environment);
  const all = await Proposals.allOpen(github, from);
  for (const { release } of stacks) {
    if (release === undefined || !goesOnByItself(release)) continue;
    const name = `${environment}/${release.service}`;
    try {
      const proposals = new Proposals(github, name, from, all);
      const service = { read: readRelease(name), proposals, found: await readAdvance(release, now) };
      lines.push(...(await propose({ github, from, now }, service)).map((line) => `${name}: ${line}`));
      if (service.found?.is === "unknown") troubles.push(`${name}: ${service.found.why}`);
    } catch (error) {
      if (!(error instanceof Unable || error instanceof Refusal)) throw error;
      troubles.push(`${name}: ${error.message}`);
    }
  }
  for (const line of lines) console.log(line);
  if (troubles.length > 0) throw new Unable(...troubles);
  return lines;
}

async function propose(run: Run, service: Service): Promise<string[]> {
  const { proposals, found } = service;
  const { open } = proposals;
  // What AWS does not say takes nothing back.
  if (found?.is === "unknown") return [];
  const branch = found && branchOf(service.read, found);
  const others = open.filter(({ head }) => head.ref !== branch);
  const reason = found === undefined ? "no version is on trial any more" : textOf(found);
  for (const one of others)
    await proposals.withdraw(one, `Closed, because this does not hold any more: ${codeSpan(reason)}`);
  const closed = others.map(({ html_url }) => `closed ${html_url}: ${reason}`);
  const current = open.find(({ head }) => head.ref === branch);
  if (found === undefined || branch === undefined) return closed;
  if (found.is === "waits")
    return [
      ...closed,
      current === undefined ? textOf(found) : `${textOf(found)}; ${current.html_url} stays open`,
    ];
  return [...closed, await proposeOne(run, service, found, branch, current)];
}

/** `waits: until ...`; whoever holds or stopped it says so. */
function textOf({ is, why }: Advance): string {
  return is === "held" || is === "stopped" ? why : `${is}: ${why}`;
}

/**
 * One for each step of a trial: `advance/dev/orders/v2-10-to-25-2026-11-27T10-00-00Z`. Where it waits, that of the
 * step that may come.
 *
 * @returns nothing where nothing is proposed
 */
function branchOf({ name, release }: ReadRelease, { is, version, from, to }: Advance): string | undefined {
  const step = is === "worse" ? "roll-back" : is === "goes on" || is === "waits" ? `to-${to}` : undefined;
  const since = standingOf(release).canary?.since?.replace(/[^\dTZ]/g, "-");
  return step && `advance/${name}/${versionId(version)}-${from}-${step}-${since}`;
}

async function proposeOne(
  run: Run,
  service: Service,
  found: Advance,
  branch: string,
  current: Proposal | undefined,
): Promise<string> {
  const { read, proposals } = service;
  const { release } = read;
  const blob = blobOf(read.text);
  const origin = current && originOf(current);
  if (current !== undefined && origin?.blob === blob) {
    if (release.environment.auto?.merge !== true) return `${current.html_url} proposes it already`;
    const made = advanceChange(read, found, origin.at);
    const content = {
      path: pathInRepository(read),
      text: made?.change.text ?? "",
      base: { branch: run.from, blob },
    };
    return `${current.html_url} ${await mergeIfReady(run.github, current, content)}`;
  }
  const answered = current === undefined ? await proposals.answered(branch) : undefined;
  if (answered !== undefined)
    return `${answered.html_url} ${answered.state === "open" ? "was changed" : "was closed"}: a person goes on`;
  const made = advanceChange(read, found, run.now);
  if (made === undefined) throw new Error(`${read.name} is not changed by '${found.is}'`);
  const text = await commitTo(run, service, found, branch, made);
  const proposed = { branch, title: titleOf(made), text, blob, at: run.now };
  if (current !== undefined) {
    await proposals.rewrite(current, proposed);
    return `made ${current.html_url} anew: the file has changed`;
  }
  const { html_url } = await proposals.propose(proposed);
  return `opened ${html_url}: ${titleOf(made)}`;
}

/** A line of GitHub's, which may be shorter than a reason. */
function titleOf({ commit }: AdvanceChange): string {
  return commit.length <= 120 ? commit : `${commit.slice(0, 119)}…`;
}

/** @returns what the pull request says */
async function commitTo(
  { github, from }: Run,
  { read }: Service,
  found: Advance,
  branch: string,
  { change, commit }: AdvanceChange,
): Promise<string> {
  await beginBranch(github, branch, from);
  writeChange(change);
  const reviewed = await reviewOf(read);
  await commitRelease(read, { message: commit, branch });
  const { name, release } = read;
  return proposalText({
    name,
    stable: release.stable.name,
    found,
    review: reviewed,
    merges: release.environment.auto?.merge === true,
  });
}

/** What the pull request's own review finds of the files; it has the plans too. */
async function reviewOf({ project, release }: ReadRelease): Promise<string> {
  const { environment, service } = release;
  try {
    const { markdown } = await review({
      project,
      base: "HEAD",
      environment: environment.name,
      liveShare: readLiveShare,
    });
    return markdown;
  } catch (error) {
    if (!(error instanceof CannotReview)) throw error;
    return `The files of ${service} cannot be reviewed here: ${error.message}`;
  }
}

/** As git names it: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
