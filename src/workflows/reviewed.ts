import { unzipSync } from "fflate";
import { Refusal } from "../release/verbs/transitions";
import type { GitHub } from "./github";
import type { Summaries } from "./plan-summary";
import { summaryFile } from "./review";

interface PullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly merge_commit_sha: string | null;
  readonly merged_at: string | null;
  readonly head: { readonly sha: string };
}

interface Run {
  readonly id: number;
  /** The run's name, as the workflow gives it. */
  readonly display_title: string;
  readonly conclusion: string | null;
  readonly html_url: string;
}

interface Artifact {
  readonly id: number;
  readonly expired: boolean;
}

/** The workflow whose runs review pull requests. */
const reviewWorkflow = "review.yml";

/** The `run-name` of the workflow: GitHub's own list of a run's pull requests is empty once they are merged. */
export function runName(pullRequest: number): string {
  return `review of #${pullRequest}`;
}

/** Under which name a run keeps what it reviewed of an environment. */
export function artifactName(environment: string): string {
  return `review-${environment}`;
}

/** The pull request that became a commit of the base branch. @returns nothing where there was none */
export async function pullRequestOf(github: GitHub, commit: string): Promise<PullRequest | undefined> {
  const pullRequests = await github.get<PullRequest[]>(`/commits/${commit}/pulls`);
  return pullRequests.find((one) => one.merged_at !== null && one.merge_commit_sha === commit);
}

/**
 * What the plans did that were reviewed in the pull request that a commit came from. They are taken from what the
 * run has kept and not from the comment, which people can edit.
 *
 * @returns nothing where there was no pull request, or it was not about this environment
 * @throws {Refusal} where the review did not pass
 */
export async function reviewedPlans(github: GitHub, commit: string, environment: string): Promise<Summaries> {
  const merged = await pullRequestOf(github, commit);
  if (merged === undefined) return {};
  const { number, head } = merged;
  const query = `event=pull_request&head_sha=${head.sha}&per_page=100`;
  const { workflow_runs: runs } = await github.get<{ workflow_runs: Run[] }>(
    `/actions/workflows/${reviewWorkflow}/runs?${query}`,
  );
  // Another pull request may have the same commit at its head, and another base.
  const own = runs.filter(({ display_title }) => display_title === runName(number));
  // The newest that has looked: a label that is set after the merge starts one that is skipped.
  const newest = own.find(({ conclusion }) => conclusion !== "skipped" && conclusion !== "cancelled");
  if (newest === undefined) return {};
  if (newest.conclusion !== "success")
    throw new Refusal(`the review of pull request #${number} did not pass: ${newest.html_url}`);
  const { artifacts } = await github.get<{ artifacts: Artifact[] }>(
    `/actions/runs/${newest.id}/artifacts?name=${artifactName(environment)}`,
  );
  const kept = artifacts.find(({ expired }) => !expired);
  if (kept === undefined) return {};
  const files = unzipSync(await github.download(`/actions/artifacts/${kept.id}/zip`));
  return JSON.parse(new TextDecoder().decode(files[summaryFile])) as Summaries;
}
