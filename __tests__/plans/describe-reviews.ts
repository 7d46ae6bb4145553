import { review } from "../../src/review/review";
import type { Review } from "../../src/review/reviewed-service";
import type { Files } from "../support/project";
import { shownBlocks } from "../support/readme";
import { releaseSteps } from "../support/release-steps";
import { planFiles, Repository } from "../support/repository";
import { planJson } from "./plan";

/**
 * Reviews each step of a stack's README table with its plan, on a git history of all that was deployed before it.
 *
 * @param headlines of the steps in their order
 */
export function testReviews(stack: string, headlines: readonly string[]): void {
  test("a review tells each step in traffic terms, and finds nothing", async () => {
    const reviews: Review[] = [];
    for (const [name, ...deployed] of releaseSteps[stack] ?? []) {
      const made = await reviewOf(deployed);
      expect([name, made.findings]).toEqual([name, []]);
      expect(made.services.map((one) => one.stack)).toEqual([stack]);
      reviews.push(made);
    }
    expect(reviews.map(({ services }) => services[0]?.headline)).toEqual(headlines);
    const shown = shownBlocks().filter(({ note }) => note === `review ${stack}`);
    for (const { text } of shown) expect(reviews.map(({ markdown }) => markdown)).toContain(text);
  }, 600_000);
}

/**
 * The review of the last of these, with its plan where those before it were deployed.
 *
 * @param committed the history of the base. @default - what was deployed
 */
export async function reviewOf(
  deployed: readonly Files[],
  committed = deployed.slice(0, -1),
): Promise<Review> {
  const [first = {}, ...later] = committed;
  const repository = new Repository(first);
  for (const files of later) repository.commit(files);
  repository.write(deployed.at(-1) ?? {});
  const plans = planFiles(await planJson(...deployed));
  return review({ project: repository.project, base: "main", plans });
}
