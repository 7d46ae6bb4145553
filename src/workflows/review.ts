import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readLiveShare } from "../live/live-share";
import { codeSpan } from "../review/code-span";
import type { Finding } from "../review/finding";
import { differenceList, serviceSections, serviceSteps } from "../review/markdown";
import { review } from "../review/review";
import type { Review } from "../review/reviewed-service";
import { versionText } from "../review/step";
import { writeWhole } from "../terminal/whole-file";
import { changedEnvironments } from "./changes";
import { commentText } from "./comment-text";
import type { EnvironmentReview, ToldFinding } from "./environment-review";
import type { WorkflowStack } from "./environments";
import { Places } from "./places";
import { changesOf, type Summaries, summaryOf } from "./plan-summary";
import { planLines } from "./plan-text";
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
const reviewFile = "review.md";
export const forCommentFile = "comment.json";
export const summaryFile = "plans.json";

/** GitHub shows no larger summary of a step than 1 MiB, and a character takes 3 bytes at most for each UTF-16 unit. */
const longestSummary = Math.floor(2 ** 20 / 3) - 1;

interface PlannedWorkflowStack extends WorkflowStack {
  readonly plan: PlannedStack;
  readonly synthesized: unknown;
}

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
  const plans = options.plans ? stacks.map((stack) => ({ ...stack, ...planOf(project, stack.name) })) : [];
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
  const summaries: Summaries = Object.fromEntries(plans.map(({ plan }) => [plan.stack, summaryOf(plan)]));
  const reviewed = reviewOf(project, name, judged, options.plans ? plans : undefined);
  mkdirSync(options.out, { recursive: true });
  const leave = (file: string, text: string) => writeWhole(join(options.out, file), `${text}\n`);
  leave(reviewFile, commentText({ reviews: [reviewed], missing: [] }));
  leave(forCommentFile, JSON.stringify(reviewed));
  leave(summaryFile, JSON.stringify(summaries, null, 2));
  console.log([judged.markdown.trim(), ...others.map(section)].join("\n\n"));
  for (const { stack, lines } of reviewed.plans) console.log(["", `Plan of ${stack}`, ...lines].join("\n"));
  summarize(commentText({ reviews: [reviewed], missing: [] }, longestSummary));
  return judged.findings.length === 0;
}

/** @param plans of every stack that changes; nothing where the files alone were judged */
function reviewOf(
  project: string,
  environment: string,
  judged: Review,
  plans: readonly PlannedWorkflowStack[] | undefined,
): EnvironmentReview {
  const { services, findings, notes } = judged;
  const all = plans ?? [];
  const places = new Places(project);
  const placed = ({ place, message }: Finding): ToldFinding => ({ place, message, at: places.of(place) });
  return {
    environment,
    commit: places.head,
    hasPlans: plans !== undefined,
    findings: findings.map(placed),
    notes: notes.map(placed),
    steps: [
      ...serviceSections(judged, serviceSteps),
      ...all.filter(({ release }) => release === undefined).map(({ plan }) => section(plan)),
    ],
    kinds: services.flatMap(({ rows }) => rows.map(({ kind }) => kind)),
    details: services.flatMap(({ stack, published }) =>
      published
        .filter(({ differences }) => differences.length > 0)
        .map(({ version, beside, differences }) => ({
          title: `${stack}: what ${versionText(version)} has otherwise than ${versionText(beside)}, which is stable`,
          text: differenceList(differences),
        })),
    ),
    plans: all.map(({ plan, synthesized }) => ({
      stack: plan.stack,
      changes: changesOf(plan).length,
      lines: planLines(plan.json, synthesized),
    })),
  };
}

/** Nobody waits for it: what only reads takes no lock. */
function planOf(project: string, stack: string) {
  const folder = new StackFolder(project, stack);
  folder.init();
  return { plan: folder.plan({ lock: false }), synthesized: folder.synthesized() };
}

/** A stack that is no service's has no release to judge it by. */
function section(plan: PlannedStack): string {
  const lines = changesOf(plan).map(({ address, action }) => `- ${codeSpan(address)}: ${action}`);
  return [`**${plan.stack}**`, "", ...(lines.length > 0 ? lines : ["Its plan is empty."])].join("\n");
}

/** The page that GitHub shows of a run: all that a pull request from a fork gets. */
export function summarize(markdown: string): void {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined) appendFileSync(file, `${markdown}\n`);
}
