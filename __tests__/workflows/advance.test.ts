import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  advancingShop,
  advancingTrain,
  awsOfShop,
  awsOfTrain,
  canary,
  steps,
  stop,
} from "../live/advancing-shop";
import { AnsweringEndpoint } from "../live/answering-endpoint";
import { failing, now, rare, since } from "../live/compared-hour";
import { variablesOfAws } from "../live/deployed-shop";
import { projectFolder } from "../support/command";
import { GitHubRepository, type Pull } from "../support/github-repository";
import { createProject, type Files, writeFiles } from "../support/project";
import { release } from "../support/release-command";

jest.setTimeout(60_000);

const file = "releases/dev/shop.json";
const forward = "advance/dev/shop/v2-10-to-25-2026-11-27T10-00-00Z";
const back = "advance/dev/shop/v2-10-roll-back-2026-11-27T10-00-00Z";

let aws: AnsweringEndpoint;
let github: GitHubRepository;
let project: string;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterEach(() => github.stop());
afterAll(() => aws.stop());

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: project,
    encoding: "utf8",
  });

/** GitHub has these files on main. */
async function pushed(files: Files): Promise<void> {
  github = await GitHubRepository.start();
  project = createProject(files);
  git("init", "--quiet", "--initial-branch", "main");
  git("remote", "add", "origin", github.folder);
  commit("start");
}

/** A person pushes to main. */
function commit(message: string, files: Files = {}): void {
  git("fetch", "--quiet");
  if (message !== "start") git("checkout", "--quiet", "-B", "main", "origin/main");
  writeFiles(project, files);
  git("add", ".");
  git("commit", "--quiet", "--message", message);
  git("push", "--quiet", "origin", "main");
}

/** A run of the workflow on main as it is now: what it prints. */
async function run(at = now): Promise<string[]> {
  git("fetch", "--quiet");
  git("checkout", "--quiet", "--force", "--detach", "origin/main");
  const args = ["workflow", "advance", "dev", "--from", "main"];
  const { exitCode, stdout, stderr } = await release(project, args, {
    now: at,
    variables: { ...variablesOfAws(), ...github.variables },
  });
  expect(exitCode).toBe(stderr === "" ? 0 : 2);
  return `${stdout}${stderr}`.trim().split("\n");
}

const shop = (fields: object = {}) => JSON.parse(JSON.stringify(advancingShop(fields)[file]));
const hold = { why: "support looks", since };
const only = (): Pull => {
  expect(github.open).toHaveLength(1);
  return github.open[0] as Pull;
};

const page = readFileSync(join(projectFolder, "docs/auto.md"), "utf8");

describe("a step that is done", () => {
  test("becomes a pull request with the edit of 'next', the review, the numbers and the verdict, once", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    expect(await run()).toEqual([
      "dev/shop: opened https://github.com/example/shop/pull/1: dev/shop: shift v2 to 25 %",
    ]);
    const { title, body, head } = only();
    expect([title, head]).toEqual(["dev/shop: shift v2 to 25 %", forward]);
    expect(JSON.parse(github.fileAt(head, file))).toEqual(
      shop({ canary: { version: "v2", percent: 25, since: "2026-11-27T11:03:30Z" } }),
    );
    expect(github.git("log", "--format=%s", "main..", head)).toBe("dev/shop: shift v2 to 25 %");
    // The first two lines are marks.
    expect(page).toContain(body.split("\n").slice(2).join("\n"));
    expect(body).toContain("bake time over since 2026-11-27T11:01:00Z, 2 alarms quiet, as good");
    expect(body).toMatch(/failed answers +0.0926 % of 318,600 +0.0847 % of 35,400 +as good/);
    expect(body).toContain("## Release review\n\n**shop-dev**: v1 90 -> 75 %, v2 10 -> 25 %");
    expect(body).toContain('npx lambda-release hold dev/shop -m "<why>"');

    expect(await run(new Date("2026-11-27T11:13:30Z"))).toEqual([
      "dev/shop: https://github.com/example/shop/pull/1 proposes it already",
    ]);
    expect(only().body).toBe(body);
  });

  test("is not proposed again where a person closed it", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    only().state = "closed";
    expect(await run()).toEqual([
      "dev/shop: https://github.com/example/shop/pull/1 was closed: a person goes on",
    ]);
    expect(github.pulls).toHaveLength(1);
  });

  test("is left to a person who took its mark away", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    only().body = "I do this myself";
    const tip = github.git("rev-parse", forward);
    expect(await run()).toEqual([
      "dev/shop: https://github.com/example/shop/pull/1 was changed: a person goes on",
    ]);
    expect(github.git("rev-parse", forward)).toBe(tip);
  });

  test("is proposed anew on the same branch where the file has changed since", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    const stage = { accessLogs: true, throttling: { rateLimit: 20, burstLimit: 10 } };
    commit("fewer requests", { [file]: shop({ stage }) });
    expect(await run()).toEqual([
      "dev/shop: updated https://github.com/example/shop/pull/1: a file has changed",
    ]);
    expect(JSON.parse(github.fileAt(only().head, file))).toMatchObject({
      canary: { percent: 25 },
      stage,
    });
    expect(github.git("merge-base", "--is-ancestor", "main", only().head)).toBe("");
  });

  test.each<[string, Parameters<typeof awsOfShop>[1], object | undefined, string]>([
    ["is held", {}, { canary: { ...canary, hold } }, `v2 is held since ${since}: support looks`],
    [
      "was stopped",
      { stops: [stop] },
      undefined,
      "v2 was stopped at 2026-11-27T10:41:07Z by guard (alarm shop-dev-v2-errors)",
    ],
    [
      "was moved by a person",
      { percent: 50 },
      { canary: { ...canary, percent: 50 } },
      "by hand: its step has no 'auto'",
    ],
    [
      "goes on by hand from now on",
      {},
      { steps: steps.map(({ percent }) => ({ percent })) },
      "by hand: its step has no 'auto'",
    ],
    ["was rolled back", {}, { canary: undefined }, "no version is on trial any more"],
  ])("is withdrawn where the release %s", async (_, answers, changed, reason) => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    if (changed !== undefined) commit("by a person", { [file]: shop(changed) });
    aws.set(awsOfShop(aws, answers));
    const [line] = await run();
    expect(line).toBe(`dev/shop: closed https://github.com/example/shop/pull/1: ${reason}`);
    expect(github.open).toEqual([]);
    expect(github.pulls[0]?.comments).toEqual([`Closed, because this does not hold any more: \`${reason}\``]);
  });

  test("is proposed again after a hold", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    commit("hold", { [file]: shop({ canary: { ...canary, hold } }) });
    await run();
    commit("release", { [file]: shop() });
    expect(await run()).toEqual([expect.stringContaining("opened https://github.com/example/shop/pull/2")]);
    expect(only().head).toBe(forward);
  });

  test("stays proposed, and is not merged, while an alarm is in ALARM or AWS does not answer", async () => {
    await pushed(
      advancingShop(
        {},
        { "releases/dev/environment.json": { region: "eu-central-1", auto: { merge: true } } },
      ),
    );
    aws.set(awsOfShop(aws));
    await run();
    github.checks = [{ name: "review (dev)", status: "completed", conclusion: "success" }];
    aws.set(awsOfShop(aws, { alarm: "ALARM" }));
    expect(await run()).toEqual([
      expect.stringMatching(/^dev\/shop: waits: shop-dev-v2-errors is in ALARM .*; .*pull\/1 stays open$/),
    ]);
    aws.set({
      ...awsOfShop(aws),
      DescribeAlarms: { status: 400, error: "AccessDeniedException", body: { message: "no" } },
    });
    expect(await run()).toEqual(["error: dev/shop: access denied for cloudwatch:DescribeAlarms: no"]);
    expect(only().merged).toBe(false);
  });

  test("is not there while not enough is known", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws, { values: rare }));
    expect(await run()).toEqual([expect.stringContaining("dev/shop: waits: not enough yet")]);
    expect(github.pulls).toEqual([]);
  });
});

describe("a version that is worse", () => {
  test("is to be rolled back: what would give it users is closed, and nothing more where the file has it", async () => {
    await pushed(advancingShop());
    aws.set(awsOfShop(aws));
    await run();
    aws.set(awsOfShop(aws, { values: failing }));
    const [closed, opened] = await run();
    expect(closed).toMatch(/^dev\/shop: closed .*pull\/1: worse: worse in failed answers/);
    expect(opened).toMatch(/^dev\/shop: opened .*pull\/2: dev\/shop: roll back v2: worse in failed answers/);
    const { head, body } = only();
    expect(head).toBe(back);
    expect(JSON.parse(github.fileAt(head, file))).toEqual(shop({ canary: undefined }));
    expect(body).toContain("worse: v2 is worse in failed answers");

    commit("rolled back by a person", { [file]: shop({ canary: undefined }) });
    expect(await run()).toEqual([
      "dev/shop: closed https://github.com/example/shop/pull/2: no version is on trial any more",
    ]);
  });
});

describe("with 'auto.merge'", () => {
  const merging = () =>
    pushed(
      advancingShop(
        {},
        { "releases/dev/environment.json": { region: "eu-central-1", auto: { merge: true } } },
      ),
    );
  const reviewed = { name: "review (dev)", status: "completed", conclusion: "success" };

  test("a step is merged once its checks passed, and the next one waits until it is live", async () => {
    await merging();
    aws.set(awsOfShop(aws));
    await run();
    expect(only().body).toContain("It is merged by itself once its checks passed.");
    expect(await run()).toEqual([
      expect.stringMatching(/pull\/1 is not merged yet: no check 'review' has passed on it$/),
    ]);
    github.checks = [reviewed, { name: "ci", status: "in_progress", conclusion: null }];
    expect(await run()).toEqual([
      expect.stringMatching(/pull\/1 is not merged yet: the check 'ci' has not passed$/),
    ]);
    github.checks = [reviewed];
    expect(await run()).toEqual(["dev/shop: https://github.com/example/shop/pull/1 is merged"]);
    expect(github.git("log", "-1", "--format=%s", "main")).toBe("dev/shop: shift v2 to 25 % (#1)");
    expect(JSON.parse(github.fileAt("main", file)).canary.percent).toBe(25);
    expect(await run()).toEqual(["dev/shop: waits: 25 % is not live: AWS sends 90 % to v1, 10 % to v2"]);
    expect(github.pulls).toHaveLength(1);
  });

  test.each<[string, () => unknown, string]>([
    [
      "GitHub says that a rule blocks it",
      () => Object.assign(github, { mergeableState: "blocked" }),
      "is not merged yet: a rule of the branch blocks it, such as an approval or a check that is missing",
    ],
    [
      "it conflicts",
      () => Object.assign(github, { mergeableState: "dirty" }),
      "is not merged yet: it conflicts with its base",
    ],
    [
      "the workflow's own token opened it",
      () => Object.assign(github, { user: "github-actions[bot]" }),
      "is not merged: what the workflow's own token merges starts no deploy; set ADVANCE_APP_ID (docs/auto.md)",
    ],
    [
      "its file has changed on main while it ran",
      () => github.afterRead(() => commit("hold", { [file]: shop({ canary: { ...canary, hold } }) })),
      `is not merged yet: ${file} has changed on main meanwhile`,
    ],
    [
      "somebody has pushed to its branch",
      () => {
        git("fetch", "--quiet");
        git("checkout", "--quiet", "-B", "theirs", `origin/${forward}`);
        writeFiles(project, { [file]: { ...shop(), canary: { ...canary, percent: 90 } } });
        git("commit", "--quiet", "--all", "--message", "more");
        git("push", "--quiet", "origin", `theirs:${forward}`);
      },
      "is not merged yet: its branch has other changes than the step: a person merges it, or closes it",
    ],
  ])("is left to a person where %s", async (_, change, why) => {
    await merging();
    aws.set(awsOfShop(aws));
    await run();
    github.checks = [reviewed];
    change();
    expect(await run()).toEqual([`dev/shop: https://github.com/example/shop/pull/1 ${why}`]);
    expect(only().merged).toBe(false);
  });
});

test("a train has one pull request for its services, merged as one", async () => {
  await pushed(advancingTrain({}, { auto: { merge: true } }));
  aws.set(awsOfTrain(aws));
  expect(await run()).toEqual([
    "dev/checkout: opened https://github.com/example/shop/pull/1: dev/checkout: shift v2 to 25 % (shop, bill)",
  ]);
  const { head, body } = only();
  expect(head).toMatch(/^advance\/dev\/checkout\/next-[0-9a-f]{12}$/);
  expect(github.git("diff", "--name-only", `main...${head}`).split("\n")).toEqual([
    "releases/dev/bill.json",
    file,
  ]);
  for (const service of ["shop", "bill"])
    expect(body).toContain(`\`v2\` of \`dev/${service}\` has done its step at 10 %`);
  github.checks = [{ name: "review (dev)", status: "completed", conclusion: "success" }];
  expect(await run()).toEqual(["dev/checkout: https://github.com/example/shop/pull/1 is merged"]);
  for (const service of ["shop", "bill"])
    expect(JSON.parse(github.fileAt("main", `releases/dev/${service}.json`)).canary.percent).toBe(25);
});

test("an environment is asked where a service has such steps", async () => {
  github = await GitHubRepository.start();
  const listed = async (files: Files) =>
    (await release(createProject(files), ["workflow", "environments", "--auto"])).stdout;
  expect(await listed(advancingShop())).toContain("shop-dev");
  expect(await listed(advancingShop({ steps: steps.map(({ percent }) => ({ percent })) }))).not.toContain(
    "shop-dev",
  );
});
