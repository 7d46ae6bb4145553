import { type ReviewOptions, review } from "./review";

export interface ReviewCommandOptions {
  readonly base: string;
  readonly plan?: readonly string[];
  readonly environment?: string;
  readonly skip: boolean;
  readonly json: boolean;
}

/**
 * Prints a review: Markdown, or JSON for a program.
 *
 * @returns the exit code: 0 where nothing was found, else 1
 * @throws CannotReview
 */
export async function reviewCommand(
  project: string,
  { base, plan, environment, skip, json }: ReviewCommandOptions,
  now: Date,
  liveShare: ReviewOptions["liveShare"],
): Promise<number> {
  const { markdown, ...rest } = await review({
    project,
    base,
    plans: plan,
    environment,
    skip,
    now,
    liveShare,
  });
  process.stdout.write(json ? `${JSON.stringify({ ...rest, markdown })}\n` : markdown);
  return rest.findings.length === 0 ? 0 : 1;
}
