import { createHash } from "node:crypto";
import type { Advance } from "../live/advance";
import { readLiveShare } from "../live/live-share";
import { writeChanges } from "../release/files/change";
import { goingTogether } from "../release/files/going-together";
import { type EditableFile, Unable } from "../release/files/project";
import { filesOnDisk } from "../release/files/project-files";
import { goesOnByItself } from "../release/steps/auto-steps";
import { standingOf } from "../release/steps/standing";
import { Refusal } from "../release/verbs/transitions";
import { versionId } from "../release/version-id";
import { CannotReview } from "../review/cannot-review";
import { codeSpan } from "../review/code-span";
import { review } from "../review/review";
import { type AdvanceChange, type AskedService, advanceChange, askTogether } from "./advance-change";
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
  readonly project: string;
  readonly environment: string;
  /** The branch that it runs on. */
  readonly from: string;
  readonly now: Date;
}

/** A service, or those of a train, and what was found of those in flight. */
interface Going {
  /** The service, or the train: `dev/shop`. */
  readonly title: string;
  readonly proposals: Proposals;
  readonly asked: readonly AskedService[];
}

/**
 * Proposes the next step of each release of an environment that goes on by itself, and the rollback of each that is
 * worse: a pull request for each, or for each train, once. Closes those that do not hold any more, and merges where the
 * environment says so.
 *
 * @returns a line for each of them
 * @throws {Unable} with a line for each that is not known, or could not be proposed, when all else is done
 */
export async function proposeSteps(run: Run): Promise<string[]> {
  const { github, project, environment, from, now } = run;
  const lines: string[] = [];
  const troubles: string[] = [];
  const { stacks } = environmentNamed(project, environment);
  const open = await Proposals.allOpen(github, from);
  const isProposed = (name: string) => new Proposals(github, name, from, open).open.length > 0;
  const services = stacks.flatMap(({ release }) => {
    const name = `${environment}/${release?.service}`;
    return release !== undefined && (goesOnByItself(release) || isProposed(name)) ? [name] : [];
  });
  for (const going of goingTogether(filesOnDisk(project), services)) {
    const { title } = going;
    try {
      const asked = await askTogether(going, now);
      const found = await propose(run, { title, asked, proposals: new Proposals(github, title, from, open) });
      lines.push(...found.map((line) => `${title}: ${line}`));
      for (const { name, found } of asked) if (found.is === "unknown") troubles.push(`${name}: ${found.why}`);
    } catch (error) {
      if (!(error instanceof Unable || error instanceof Refusal)) throw error;
      troubles.push(`${title}: ${error.message}`);
    }
  }
  for (const line of lines) console.log(line);
  if (troubles.length > 0) throw new Unable(...troubles);
  return lines;
}

async function propose(run: Run, going: Going): Promise<string[]> {
  const { proposals, asked } = going;
  // What AWS does not say takes nothing back.
  if (asked.some(({ found }) => found.is === "unknown")) return [];
  const branch = branchOf(going);
  const others = proposals.open.filter(({ head }) => head.ref !== branch);
  const reason = textOf(going);
  for (const one of others)
    await proposals.withdraw(one, `Closed, because this does not hold any more: ${codeSpan(reason)}`);
  const closed = others.map(({ html_url }) => `closed ${html_url}: ${reason}`);
  const current = proposals.open.find(({ head }) => head.ref === branch);
  if (branch === undefined) return closed;
  if (asked.some(({ found }) => found.is === "waits"))
    return [...closed, current === undefined ? reason : `${reason}; ${current.html_url} stays open`];
  return [...closed, await proposeOne(run, going, branch, current)];
}

/** What was found first that is in the way: `waits: until ...`; whoever holds or stopped it says so. */
function textOf({ asked }: Going): string {
  const order: readonly Advance["is"][] = ["worse", "stopped", "held", "by hand", "waits", "goes on"];
  const [first] = asked.toSorted((one, other) => order.indexOf(one.found.is) - order.indexOf(other.found.is));
  if (first === undefined) return "no version is on trial any more";
  const { is, why } = first.found;
  return is === "held" || is === "stopped" ? why : `${is}: ${why}`;
}

/**
 * One for each step of a trial: `advance/dev/orders/v2-10-to-25-2026-11-27T10-00-00Z`. Where it waits, that of the
 * step that may come. A train has many steps at once, and a digest of them.
 *
 * @returns nothing where nothing is proposed
 */
function branchOf({ title, asked }: Going): string | undefined {
  const isWorse = asked.some(({ found }) => found.is === "worse");
  const isOnWay = asked.length > 0 && asked.every(({ found }) => ["goes on", "waits"].includes(found.is));
  if (!isWorse && !isOnWay) return undefined;
  const steps = asked.map(({ read, found: { version, from, to } }) => {
    const since = standingOf(read.release).canary?.since?.replace(/[^\dTZ]/g, "-");
    return `${versionId(version)}-${from}-${isWorse ? "roll-back" : `to-${to}`}-${since}`;
  });
  const [only = "", ...others] = steps;
  if (others.length === 0) return `advance/${title}/${only}`;
  return `advance/${title}/${isWorse ? "roll-back" : "next"}-${sha1(steps.join(" ")).slice(0, 12)}`;
}

async function proposeOne(
  run: Run,
  going: Going,
  branch: string,
  current: Proposal | undefined,
): Promise<string> {
  const { title, asked, proposals } = going;
  const blobs = asked.map(blobOf);
  const blob = blobs.length === 1 ? blobs.join() : sha1(blobs.join(" "));
  const origin = current && originOf(current);
  if (current !== undefined && origin?.blob === blob) {
    if (!isMerged(going)) return `${current.html_url} proposes it already`;
    const { changes = [] } = advanceChange(title, asked, origin.at) ?? {};
    const files = changes.map((change) => ({
      path: pathInRepository(change.read),
      text: change.text,
      blob: blobOf(change),
    }));
    return `${current.html_url} ${await mergeIfReady(run.github, current, { branch: run.from, files })}`;
  }
  const answered = current === undefined ? await proposals.answered(branch) : undefined;
  if (answered !== undefined)
    return `${answered.html_url} ${answered.state === "open" ? "was changed" : "was closed"}: a person goes on`;
  const made = advanceChange(title, asked, run.now);
  if (made === undefined) throw new Error(`nothing of ${title} is to be changed`);
  const text = await commitTo(run, going, branch, made);
  const proposed = { branch, title: titleOf(made), text, blob, at: run.now };
  if (current !== undefined) {
    await proposals.rewrite(current, proposed);
    return `updated ${current.html_url}: a file has changed`;
  }
  const { html_url } = await proposals.propose(proposed);
  return `opened ${html_url}: ${titleOf(made)}`;
}

function isMerged({ asked }: Going): boolean {
  return asked[0]?.read.release.environment.auto?.merge === true;
}

/** A line of GitHub's, which may be shorter than a reason. */
function titleOf({ commit }: AdvanceChange): string {
  return commit.length <= 120 ? commit : `${commit.slice(0, 119)}…`;
}

/** @returns what the pull request says */
async function commitTo(
  { github, from, project, environment }: Run,
  going: Going,
  branch: string,
  { changes, commit }: AdvanceChange,
): Promise<string> {
  const { title, asked } = going;
  await beginBranch(github, branch, from);
  writeChanges(changes);
  const reviewed = await reviewOf(project, environment);
  for (const { read } of changes) await commitRelease(read, { message: commit, branch });
  return proposalText({ title, asked, review: reviewed, merges: isMerged(going) });
}

/** What the pull request's own review finds of the files; it has the plans too. */
async function reviewOf(project: string, environment: string): Promise<string> {
  try {
    return (await review({ project, base: "HEAD", environment, liveShare: readLiveShare })).markdown;
  } catch (error) {
    if (!(error instanceof CannotReview)) throw error;
    return `The files cannot be reviewed here: ${error.message}`;
  }
}

/** As git names it: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobOf({ read }: { readonly read: Pick<EditableFile, "text"> }): string {
  const bytes = Buffer.from(read.text);
  return sha1(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
}

function sha1(bytes: string | Buffer): string {
  return createHash("sha1").update(bytes).digest("hex");
}
