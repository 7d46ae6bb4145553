import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRelease } from "../../src/release/files/project";
import { dropBlue, recordVersion } from "../../src/workflows/blue";
import { commitRelease, pullRequestLink } from "../../src/workflows/commit";
import { gitHubServer } from "../support/github-server";
import { createProject, handler, shop, writeFiles } from "../support/project";

const blueGreen = {
  strategy: "blue-green-stage",
  versions: [1, 2],
  stable: 1,
  former: 2,
  blue: { version: 2, sources: ["203.0.113.0/24"] },
};
const project = createProject(shop(blueGreen, { "lambdas/shop/shop.ts": handler("1") }));
const file = join(project, "releases/dev/shop.json");
const git = (...args: string[]) => execFileSync("git", args, { cwd: project, encoding: "utf8" }).trim();
const inFile = () => JSON.parse(readFileSync(file, "utf8"));

const before = { ...process.env, folder: process.cwd() };
beforeAll(() => {
  process.chdir(project);
  delete process.env["GITHUB_TOKEN"];
  git("init", "--quiet", "--initial-branch", "main");
});
beforeEach(() => {
  writeFiles(project, { "releases/dev/shop.json": blueGreen });
  git("add", ".");
  git(
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.com",
    "commit",
    "--allow-empty",
    "--quiet",
    "-m",
    "start",
  );
});
afterAll(() => {
  process.chdir(before.folder);
  process.env = before;
});

test("blue is taken away, and users stay where they are: also when it is gone already", () => {
  expect(dropBlue(readRelease("dev/shop"))).toBe(true);
  expect(dropBlue(readRelease("dev/shop"))).toBe(false);
  expect(inFile()).toEqual({ ...blueGreen, blue: undefined });
});

test("the version that was published last is recorded once, and refused where users have it", () => {
  recordVersion(readRelease("dev/shop"), "3");
  recordVersion(readRelease("dev/shop"), "3");
  expect(inFile().versions).toEqual([1, 2, 3]);
  expect(() => recordVersion(readRelease("dev/shop"), "1")).toThrow("1 is the stable version already");
});

test("a step is committed here, and nothing else with it", async () => {
  dropBlue(readRelease("dev/shop"));
  writeFiles(project, { "lambdas/shop/shop.ts": "// in work\n" });
  await commitRelease(readRelease("dev/shop"), { message: "remove blue", branch: "main" });
  expect(git("show", "--name-only", "--format=%s")).toBe("remove blue\n\nreleases/dev/shop.json");
  writeFiles(project, { "lambdas/shop/shop.ts": handler("1") });
  expect(await commitRelease(readRelease("dev/shop"), { message: "again", branch: "main" })).toBe(
    "releases/dev/shop.json has not changed",
  );
});

test("in a run it goes to a branch of GitHub, if the file there is the one that was edited", async () => {
  const { url, written } = await gitHubServer({ "GET /git/ref/heads/main": { object: { sha: "tip" } } });
  Object.assign(process.env, {
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: "example/shop",
    GITHUB_TOKEN: "token",
  });
  const sha = git("rev-parse", "HEAD:releases/dev/shop.json");
  dropBlue(readRelease("dev/shop"));
  await commitRelease(readRelease("dev/shop"), { message: "switch", branch: "blue-green/2", from: "main" });
  const content = readFileSync(file).toString("base64");
  expect(written).toEqual([
    { method: "POST", path: "/git/refs", body: { ref: "refs/heads/blue-green/2", sha: "tip" } },
    {
      method: "PUT",
      path: "/contents/releases/dev/shop.json",
      body: { message: "switch", content, sha, branch: "blue-green/2" },
    },
  ]);
  expect(pullRequestLink("main", "blue-green/2")).toBe(
    "https://github.com/example/shop/compare/main...blue-green/2?expand=1",
  );
});
