import { join } from "node:path";
import { commentText, type ReviewedChange } from "./comment-text";
import { readEnvironmentReview } from "./environment-review";
import type { GitHub } from "./github";
import { forCommentFile } from "./review";
import { artifactName } from "./reviewed";
import { longestComment, writeComment } from "./sticky";

/**
 * Writes the reviews of all environments into the pull request's one comment.
 *
 * @param folder a folder for each environment, or none where nothing was reviewed
 * @param environments those that the pull request is about
 */
export async function commentOn(
  github: GitHub,
  pullRequest: number,
  folder: string,
  environments: readonly string[],
): Promise<void> {
  const change = readReviews(folder, environments);
  const text = environments.length > 0 ? commentText(change, longestComment) : undefined;
  await writeComment(github, pullRequest, text, "This pull request no longer changes a release.");
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
