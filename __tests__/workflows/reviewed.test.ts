import { zipSync } from "fflate";
import { reviewedPlans } from "../../src/workflows/reviewed";
import { type Answers, gitHubServer } from "../support/github-server";

const summaries = {
  "shop-prod": { salt: "s", changes: [{ address: "a.b", action: "update", digest: "d" }] },
};

function answers(runs: readonly object[], pulls: readonly object[], expired = false): Answers {
  return {
    "GET /commits/c1/pulls": pulls,
    "GET /actions/workflows/review.yml/runs?event=pull_request&head_sha=h1&per_page=100": {
      workflow_runs: runs,
    },
    "GET /actions/runs/5/artifacts?name=review-prod": { artifacts: [{ id: 9, expired }] },
    "GET /actions/artifacts/9/zip": zipSync({ "plans.json": Buffer.from(JSON.stringify(summaries)) }),
  };
}

const merged = { number: 7, merged_at: "2026-11-21T10:00:00Z", merge_commit_sha: "c1", head: { sha: "h1" } };
const passed = {
  id: 5,
  display_title: "review of #7",
  conclusion: "success",
  html_url: "https://github.example/5",
};

async function reviewed(...given: Parameters<typeof answers>) {
  return reviewedPlans((await gitHubServer(answers(...given))).github, "c1", "prod");
}

test("what was reviewed is read from the run of the merged pull request", async () => {
  expect(await reviewed([passed], [merged])).toEqual(summaries);
});

test("a run that was skipped after the merge, or gave way to a newer one, does not count", async () => {
  const runs = [
    { ...passed, id: 7, conclusion: "skipped" },
    { ...passed, id: 6, conclusion: "cancelled" },
    passed,
  ];
  expect(await reviewed(runs, [merged])).toEqual(summaries);
});

test("the review of another pull request of the same commit is not taken", async () => {
  const other = { ...passed, id: 8, display_title: "review of #9" };
  expect(await reviewed([other, passed], [merged])).toEqual(summaries);
  expect(await reviewed([{ ...other, conclusion: "failure" }, passed], [merged])).toEqual(summaries);
  expect(await reviewed([other], [merged])).toEqual({});
});

test.each([
  ["found something", "failure"],
  ["ran out of time", "timed_out"],
  ["could not start", "startup_failure"],
  ["still runs", null],
])("a review that %s allows nothing", async (_, conclusion) => {
  await expect(reviewed([{ ...passed, conclusion }, passed], [merged])).rejects.toThrow(
    "the review of pull request #7 did not pass: https://github.example/5",
  );
});

test.each([
  ["there was no pull request", [passed], [], false],
  ["the pull request only contains the commit", [passed], [{ ...merged, merge_commit_sha: "c2" }], false],
  ["the pull request was not merged", [passed], [{ ...merged, merged_at: null }], false],
  ["nothing was run", [], [merged], false],
  ["what the run kept is gone", [passed], [merged], true],
])("nothing was reviewed where %s", async (_, runs, pulls, expired) => {
  expect(await reviewed(runs, pulls, expired)).toEqual({});
});
