import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Drift, reportDrift, type StackDrift } from "../../src/workflows/drift";
import { commentOn } from "../../src/workflows/review-comment";
import { gitHubServer } from "../support/github-server";
import { temporaryFolder } from "../support/project";

const comments = "GET /issues/7/comments?per_page=100&page=1";
const issues = "GET /issues?state=open&per_page=100&page=1";
const bot = { type: "Bot" };
const person = { type: "User" };
const mark = (name: string) => `<!-- lambda-release ${name} -->\nbefore`;

/** The reviews of environments, as their artifacts are unpacked. */
function reviews(texts: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [environment, text] of Object.entries(texts)) {
    mkdirSync(join(folder, environment));
    writeFileSync(join(folder, environment, "review.md"), text);
  }
  return folder;
}

describe("a pull request's comment", () => {
  test("is written once, with the reviews of all environments", async () => {
    const { github, written } = await gitHubServer({ [comments]: [] });
    await commentOn(
      github,
      7,
      reviews({ "review-prod": "prod: 10 -> 25 %\n", "review-dev": "dev: nothing\n" }),
    );
    const body = "<!-- lambda-release review -->\ndev: nothing\n\nprod: 10 -> 25 %";
    expect(written).toEqual([{ method: "POST", path: "/issues/7/comments", body: { body } }]);
  });

  test("is written anew in its place, be it on a later page, and never in a person's that copied its mark", async () => {
    const others = Array.from({ length: 99 }, (_, id) => ({ id, body: "other", user: person }));
    const { github, written } = await gitHubServer({
      [comments]: [...others, { id: 99, body: mark("review"), user: person }],
      [comments.replace(/1$/, "2")]: [{ id: 100, body: mark("review"), user: bot }],
    });
    await commentOn(github, 7, reviews({ "review-dev": "dev: nothing" }));
    expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual(["PATCH /issues/comments/100"]);
  });

  test("says so when nothing is left to review, and is not begun for that", async () => {
    const known = await gitHubServer({ [comments]: [{ id: 1, body: mark("review"), user: bot }] });
    await commentOn(known.github, 7, "/nowhere");
    expect(JSON.stringify(known.written)).toContain("no longer changes a release");
    const none = await gitHubServer({ [comments]: [] });
    await commentOn(none.github, 7, "/nowhere");
    expect(none.written).toEqual([]);
  });

  test("is cut where GitHub would refuse it", async () => {
    const { github, written } = await gitHubServer({ [comments]: [] });
    await commentOn(github, 7, reviews({ "review-dev": "x".repeat(70_000) }));
    const body = String(written[0]?.body?.["body"]);
    expect([body.length, body.slice(-60)]).toEqual([
      65_536,
      expect.stringContaining("the run's summary has it"),
    ]);
  });

  test("what GitHub refuses is one line", async () => {
    const { github } = await gitHubServer({});
    await expect(commentOn(github, 7, reviews({ a: "text" }))).rejects.toThrow(
      "GitHub answers 404 to GET /issues/7/comments?per_page=100&page=1: Not Found",
    );
  });
});

describe("the issue about drift", () => {
  const same = { differences: [], unknown: ["version 1: an older one"], troubles: [] };
  const stack = (found: Partial<StackDrift>) => ({ plan: [], running: same, ...found });
  const clean = { environment: "dev", stacks: { "shop-dev": stack({}) } };
  const prod = (found: Partial<StackDrift>) => ({
    environment: "prod",
    stacks: { "shop-prod": stack(found) },
  });
  const drifted = prod({ plan: ["aws_api_gateway_stage.stage: update"] });
  const changed = prod({ running: { ...same, differences: ["v1: other code"] } });
  const failed = prod({ plan: { failed: "AccessDenied" } });
  const denied = prod({ running: { ...same, troubles: ["the code: access denied"] } });
  const open = [
    { number: 3, body: mark("drift"), user: bot, pull_request: {} },
    { number: 4, body: mark("drift"), user: bot },
  ];

  function found(...all: readonly Drift[]): string {
    const folder = temporaryFolder();
    for (const drift of all) {
      mkdirSync(join(folder, `drift-${drift.environment}`));
      writeFileSync(
        join(folder, `drift-${drift.environment}`, `${drift.environment}.json`),
        JSON.stringify(drift),
      );
    }
    return folder;
  }

  async function reported(known: readonly object[], ...all: readonly Drift[]) {
    const { github, written } = await gitHubServer({ [issues]: known });
    await reportDrift(github, ["dev", "prod"], found(...all));
    return written.map(({ method, path, body }) => [`${method} ${path}`, JSON.stringify(body)] as const);
  }

  test("is opened when something has drifted, with the resource", async () => {
    expect(await reported([], clean, drifted)).toEqual([
      ["POST /issues", expect.stringContaining("`shop-prod`: `aws_api_gateway_stage.stage: update`")],
    ]);
  });

  test("is opened for what no plan shows, with how it is put back", async () => {
    const [[, body] = []] = await reported([], clean, changed);
    expect(body).toContain("- `shop-prod` in AWS: `v1: other code`");
    expect(body).toContain("docs/operating.md");
  });

  test("is kept current while it is open", async () => {
    expect((await reported(open, clean, drifted)).map(([call]) => call)).toEqual(["PATCH /issues/4"]);
  });

  test("is closed when everything is as the files say", async () => {
    expect(await reported(open, clean, prod({}))).toEqual([
      ["POST /issues/4/comments", expect.stringContaining("matches the files again")],
      ["PATCH /issues/4", expect.stringContaining('"state":"closed"')],
    ]);
  });

  test.each([
    ["could not be planned", [clean, failed]],
    ["could not be compared with AWS", [clean, denied]],
    ["was not looked at at all", [clean]],
  ])("stays open where an environment %s", async (_, all) => {
    expect((await reported(open, ...all)).map(([call]) => call)).toEqual(["PATCH /issues/4"]);
  });
});
