import { join } from "node:path";
import { commentText, type ReviewedChange } from "./comment-text";
import { readEnvironmentReview } from "./environment-review";
import { type GitHub, GitHubRefusal } from "./github";
import { label } from "./labels";
import { forCommentFile } from "./review";
import { artifactName } from "./reviewed";
import { longestComment, writeComment } from "./sticky";

export interface CommentOptions {
  readonly pullRequest: number;
  /** A folder for each environment, or none where nothing was reviewed. */
  readonly folder: string;
  /** The environments that the pull request is about. */
  readonly environments: readonly string[];
  /** Every environment of the project. */
  readonly known: readonly string[];
}

/**
 * Writes the reviews of all environments into the pull request's one comment, and labels it. Where the run may not
 * write, as for a pull request from a fork, that is a line and no failure.
 */
export async function commentOn(github: GitHub, options: CommentOptions): Promise<void> {
  const { pullRequest, folder, environments, known } = options;
  const change = readReviews(folder, environments);
  const text = environments.length > 0 ? commentText(change, longestComment) : undefined;
  try {
    await writeComment(github, pullRequest, text, "This pull request no longer changes a release.");
  } catch (error) {
    if (!(error instanceof GitHubRefusal && error.isForbidden)) throw error;
    console.log(`#${pullRequest} gets no comment and no labels, as this run may not write: ${error.message}`);
    return;
  }
  const trouble = await label(github, pullRequest, change, known);
  if (trouble !== undefined) console.log(`careful  ${trouble}`);
}

/** What cannot be read counts as not reviewed: the verdict is never better than what was looked at. */
function readReviews(folder: string, environments: readonly string[]): ReviewedChange {
  const found = [...environments].sort().map((environment) => {
    const review = readEnvironmentReview(join(folder, artifactName(environment), forCommentFile));
    return { environment, review: review?.environment === environment ? review : undefined };
  });
  return {
    reviews: found.flatMap(({ review }) => review ?? []),
    missing: found.filter(({ review }) => review === undefined).map(({ environment }) => environment),
  };
}
