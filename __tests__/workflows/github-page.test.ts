import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commentText } from "../../src/workflows/comment-text";
import { commentOn } from "../../src/workflows/review-comment";
import { inGitHubRun, reviewed } from "../support/environment-review";
import { gitHubServer } from "../support/github-server";
import { temporaryFolder } from "../support/project";
import { blockBelow } from "../support/readme";

const page = "docs/github.md";
inGitHubRun("https://github.com", 19482);

test("the page shows what a shortened comment says", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => `+ aws_lambda_function.f${index}`);
  const plans = [400, 900, 20].map((count) => ({
    stack: `shop-${count}`,
    changes: count,
    lines: lines(count),
  }));
  const text = commentText({ reviews: [reviewed({ plans })], missing: [] }, 12_000);
  expect(text.split("\n\n")[2]).toBe(blockBelow(page, "limit").trim());
});

test("the page shows what the job says of a pull request from a fork", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "review-dev"));
  writeFileSync(join(folder, "review-dev/comment.json"), JSON.stringify(reviewed()));
  const said = jest.spyOn(console, "log").mockImplementation(() => {});
  const { github } = await gitHubServer({
    "GET /issues/7/comments?per_page=100&page=1": [],
    "POST /issues/7/comments": 403,
  });
  await commentOn(github, { pullRequest: 7, folder, environments: ["dev"], known: ["dev"] });
  expect(said.mock.calls).toEqual([[blockBelow(page, "fork").trim()]]);
  said.mockRestore();
});
