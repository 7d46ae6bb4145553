import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readLiveShare } from "../live/live-share";
import { codeSpan } from "../review/code-span";
import { review } from "../review/review";
import { writeWhole } from "../terminal/whole-file";
import { changedEnvironments } from "./changes";
import { changesOf, type Summaries, summaryOf } from "./plan-summary";
import { type PlannedStack, StackFolder } from "./terraform";

export interface ReviewOptions {
  /** The commit that is live. */
  readonly base: string;
  /** Whether the changed stacks are planned. */
  readonly plans: boolean;
  /** Whether a step, or its bake time, may be skipped. */
  readonly skip: boolean;
  /** Folder for what leaves this machine: the review, and what the plans do. */
  readonly out: string;
}

/** The files that a review leaves in its folder. */
export const reviewFile = "review.md";
export const summaryFile = "plans.json";

/**
 * Reviews what a change does to an environment: plans each stack that it changes, and judges files and plans.
 *
 * @returns whether nothing was found
 * @throws CannotReview where there is nothing to judge by
 */
export async function reviewEnvironment(
  project: string,
  name: string,
  options: ReviewOptions,
): Promise<boolean> {
  const stacks = changedEnvironments(project, options.base).find((one) => one.name === name)?.stacks ?? [];
  const plans = options.plans ? stacks.map((stack) => ({ ...stack, plan: planOf(project, stack.name) })) : [];
  const ofServices = plans.filter(({ release }) => release !== undefined).map(({ plan }) => plan.file);
  const others = plans.filter(({ release }) => release === undefined).map(({ plan }) => plan);
  const { base, skip } = options;
  const judged = await review({
    project,
    base,
    skip,
    environment: name,
    plans: ofServices,
    liveShare: readLiveShare,
  });
  const markdown = [judged.markdown.trim(), ...others.map(section)].join("\n\n");
  const summaries: Summaries = Object.fromEntries(plans.map(({ plan }) => [plan.stack, summaryOf(plan)]));
  mkdirSync(options.out, { recursive: true });
  writeWhole(join(options.out, reviewFile), `${markdown}\n`);
  writeWhole(join(options.out, summaryFile), `${JSON.stringify(summaries, null, 2)}\n`);
  console.log(markdown);
  summarize(markdown);
  return judged.findings.length === 0;
}

/** Nobody waits for it: what only reads takes no lock. */
function planOf(project: string, stack: string): PlannedStack {
  const folder = new StackFolder(project, stack);
  folder.init();
  return folder.plan({ lock: false });
}

/** A stack that is no service's has no release to judge it by. */
function section(plan: PlannedStack): string {
  const lines = changesOf(plan).map(({ address, action }) => `- ${codeSpan(address)}: ${action}`);
  return [`### ${plan.stack}`, "", ...(lines.length > 0 ? lines : ["Its plan is empty."])].join("\n");
}

/** The page that GitHub shows of a run: all that a pull request from a fork gets. */
export function summarize(markdown: string): void {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined) appendFileSync(file, `${markdown}\n`);
}
