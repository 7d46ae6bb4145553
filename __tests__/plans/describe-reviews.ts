import { review } from "../../review/review";
import { releaseSteps, type Step } from "../support/release-steps";
import { planFiles, Repository } from "../support/repository";
import { planJson } from "./plan";

/**
 * Reviews each step of a stack's README table with its plan, on a git history of all that was deployed before it.
 *
 * @param headlines of the steps in their order
 */
export function testReviews(stack: string, headlines: readonly string[]): void {
  test("a review tells each step in traffic terms, and finds nothing", async () => {
    const told: (string | undefined)[] = [];
    for (const step of releaseSteps[stack] ?? []) {
      const { services, findings } = await reviewOf(step);
      expect([step[0], findings]).toEqual([step[0], []]);
      expect(services.map((one) => one.stack)).toEqual([stack]);
      told.push(services[0]?.headline);
    }
    expect(told).toEqual(headlines);
  }, 600_000);
}

/** The review of what was deployed last, on what was deployed before it. */
export async function reviewOf([, ...deployed]: Step) {
  const [first = {}, ...later] = deployed.slice(0, -1);
  const repository = new Repository(first);
  for (const files of later) repository.commit(files);
  repository.write(deployed.at(-1) ?? {});
  const plans = planFiles(await planJson(...deployed));
  return review({ project: repository.project, base: "main", plans });
}
