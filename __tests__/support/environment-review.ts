import type { EnvironmentReview } from "../../src/workflows/environment-review";

/** What the review of an environment leaves where it finds nothing. @param given what differs */
export function reviewed(given: Partial<EnvironmentReview> = {}): EnvironmentReview {
  return {
    environment: "dev",
    commit: "3f9c2ab17d0e",
    hasPlans: true,
    findings: [],
    notes: [],
    steps: [],
    kinds: [],
    details: [],
    plans: [],
    ...given,
  };
}

/** Has the tests of a file run in a run of `example/shop`, as GitHub tells it. @returns the run's address */
export function inGitHubRun(server: string, id: number): string {
  const before = { ...process.env };
  Object.assign(process.env, {
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: "example/shop",
    GITHUB_RUN_ID: String(id),
  });
  afterAll(() => {
    process.env = before;
  });
  return `${server}/example/shop/actions/runs/${id}`;
}
