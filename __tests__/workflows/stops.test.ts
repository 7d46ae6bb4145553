import { execFileSync } from "node:child_process";
import { noStops, type Stop, withStop } from "../../src/release/steps/stops";
import { openStops } from "../../src/workflows/stops";
import { stop as byGuard } from "../live/advancing-shop";
import { AnsweringEndpoint, type Answers } from "../live/answering-endpoint";
import { type DeployedStage, deployedShop } from "../live/deployed-shop";
import { gitHubServer } from "../support/github-server";
import { createProject, shop } from "../support/project";
import { release } from "../support/release-command";

const nine = "2026-11-27T09:00:00Z";
const project = createProject(
  shop({ guard: {}, stableSince: nine, canary: { version: "v2", percent: 10, since: nine } }),
);
const git = (...args: string[]) => execFileSync("git", args, { cwd: project, encoding: "utf8" }).trim();

const before = { env: { ...process.env }, folder: process.cwd() };
let aws: AnsweringEndpoint;
let lines: string[];
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
  process.chdir(project);
  git("init", "--quiet", "--initial-branch", "main");
  git("add", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "start");
});
beforeEach(() => {
  git("checkout", "--quiet", "-B", "work", "main");
  lines = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => {
  aws.stop();
  process.chdir(before.folder);
  process.env = before.env;
});

const stop: Stop = { ...byGuard, reason: "alarm shop-dev-v2-errors: 3 errors\nin a minute" };
const stopped = (stage: DeployedStage = {}, one: Stop = stop): Record<string, Answers> => ({
  ...deployedShop(stage),
  GetParameter: { body: { Parameter: { Value: withStop(noStops, one) } } },
});
const branch = "stops/dev/shop/v2-2026-11-27T10-41-07Z";
const pulls = `GET /pulls?state=all&head=${encodeURIComponent(`example:${branch}`)}`;
const opened = "https://github.com/example/shop/pull/7";
const empty = {
  [pulls]: [],
  "GET /git/ref/heads/main": { object: { sha: "tip" } },
  [`GET /git/matching-refs/heads/${branch}`]: [],
  "POST /pulls": { html_url: opened },
};

async function run(answers: Record<string, unknown>) {
  const server = await gitHubServer(answers);
  Object.assign(process.env, {
    GITHUB_API_URL: server.url,
    GITHUB_REPOSITORY: "example/shop",
    GITHUB_TOKEN: "token",
  });
  const outcome = await openStops(server.github, project, "dev", "main").then(
    () => "done",
    ({ message }: Error) => message,
  );
  return { ...server, outcome };
}

test("a stop that the file has not taken in becomes a pull request, with the reason in the commit", async () => {
  aws.set(stopped());
  const { written, outcome } = await run(empty);
  expect([outcome, lines]).toEqual(["done", [`dev/shop: opened ${opened} for the stop of v2`]]);
  const [ref, commit, pull, ...more] = written;
  expect(more).toEqual([]);
  expect(ref).toEqual({
    method: "POST",
    path: "/git/refs",
    body: { ref: `refs/heads/${branch}`, sha: "tip" },
  });
  expect(commit).toMatchObject({
    method: "PUT",
    path: "/contents/releases/dev/shop.json",
    body: {
      branch,
      message:
        "dev/shop: v2 was stopped at 2026-11-27T10:41:07Z by guard (alarm shop-dev-v2-errors: 3 errors in a minute)",
    },
  });
  const content = JSON.parse(Buffer.from(String(commit?.body?.["content"]), "base64").toString());
  expect(content).toEqual({ ...JSON.parse(git("show", "main:releases/dev/shop.json")), canary: undefined });
  expect(pull).toMatchObject({
    path: "/pulls",
    body: { title: "dev/shop: v2 was stopped at 2026-11-27T10:41:07Z", head: branch, base: "main" },
  });
  expect(pull?.body?.["body"]).toContain("npx lambda-release start dev/shop v2");
});

test("one stop has one pull request, also where somebody closed it", async () => {
  aws.set(stopped());
  const { written, outcome } = await run({ ...empty, [pulls]: [{ html_url: opened }] });
  expect([outcome, written, lines]).toEqual(["done", [], [`dev/shop: ${opened} has the stop of v2`]]);
});

test("a branch that a run left without a pull request is begun again", async () => {
  aws.set(stopped());
  const left = { [`GET /git/matching-refs/heads/${branch}`]: [{ ref: `refs/heads/${branch}` }] };
  const { written } = await run({ ...empty, ...left });
  expect(written[0]).toEqual({
    method: "PATCH",
    path: `/git/refs/heads/${branch}`,
    body: { sha: "tip", force: true },
  });
  expect(written.at(-1)?.path).toBe("/pulls");
});

test.each<[string, Record<string, Answers>]>([
  ["nothing was stopped", { GetParameter: { body: { Parameter: { Value: noStops } } } }],
  ["the file decided after the stop", stopped({}, { ...stop, at: "2026-11-27T08:00:00Z" })],
])("where %s, one parameter is read, and GitHub is not asked", async (_, answers) => {
  aws.set(answers);
  const { paths, outcome } = await run({});
  expect([outcome, paths, lines, aws.asked]).toEqual(["done", [], [], ["GetParameter"]]);
});

test("a version that still has users waits for the guard", async () => {
  aws.set(stopped({ canary: { percent: 10 } }));
  const { written } = await run(empty);
  expect([written, lines]).toEqual([[], [expect.stringContaining("AWS still sends users to v2")]]);
});

test("stops that are not known are one line for the service", async () => {
  aws.set({ GetParameter: { status: 400, error: "AccessDeniedException", body: { message: "not yours" } } });
  expect((await run({})).outcome).toBe("dev/shop: access denied for ssm:GetParameter: not yours");
});

test("where GitHub lets no workflow open one, the link is told", async () => {
  aws.set(stopped());
  const { "POST /pulls": _, ...others } = empty;
  const { outcome } = await run({ ...others, "POST /pulls": 403 });
  expect(outcome).toContain("let workflows open pull requests in the repository's settings");
  expect(outcome).toContain(`https://github.com/example/shop/compare/main...${branch}?expand=1`);
});

test("an environment is looked at where a service has a guard", async () => {
  jest.restoreAllMocks();
  const listed = async (folder: string) =>
    (await release(folder, ["workflow", "environments", "--guarded"])).stdout;
  expect(await listed(project)).toContain("shop-dev");
  expect(await listed(createProject(shop({})))).not.toContain("shop-dev");
});
