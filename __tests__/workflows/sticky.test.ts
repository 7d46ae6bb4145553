import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Drift, reportDrift, type StackDrift } from "../../src/workflows/drift";
import type { EnvironmentReview } from "../../src/workflows/environment-review";
import type { GitHub } from "../../src/workflows/github";
import { commentOn } from "../../src/workflows/review-comment";
import { reviewed } from "../support/environment-review";
import { gitHubServer, type ReceivedRequest } from "../support/github-server";
import { temporaryFolder } from "../support/project";

const comments = "GET /issues/7/comments?per_page=100&page=1";
const issues = "GET /issues?state=open&per_page=100&page=1";
const bot = { type: "Bot" };
const person = { type: "User" };
const mark = (name: string) => `<!-- lambda-release ${name} -->\nbefore`;

/** The reviews of environments, as their artifacts are unpacked. */
function reviews(texts: Readonly<Record<string, Partial<EnvironmentReview> | string>>): string {
  const folder = temporaryFolder();
  for (const [environment, review] of Object.entries(texts)) {
    mkdirSync(join(folder, `review-${environment}`));
    const text = typeof review === "string" ? review : JSON.stringify(reviewed({ environment, ...review }));
    writeFileSync(join(folder, `review-${environment}`, "comment.json"), text);
  }
  return folder;
}

const comment = (github: GitHub, folder: string, environments: readonly string[]) =>
  commentOn(github, { pullRequest: 7, folder, environments, known: [] });

const labelled = {
  "GET /issues/7/labels?per_page=100&page=1": [{ name: "env: dev" }, { name: "env: prod" }],
};

describe("a pull request's comment", () => {
  const headOf = (written: readonly ReceivedRequest[]) =>
    String(written[0]?.body?.["body"]).split("\n").slice(0, 2);

  test("is written once, with the reviews of all environments and one verdict", async () => {
    const { github, written } = await gitHubServer({ ...labelled, [comments]: [] });
    const folder = reviews({ prod: { steps: ["prod: 10 -> 25 %"] }, dev: { steps: ["dev: nothing"] } });
    await comment(github, folder, ["prod", "dev"]);
    const body = [
      "<!-- lambda-release review -->\n## Release review: may be merged",
      expect.stringMatching(/^No findings in `dev` and `prod`\. Reviewed: \[`3f9c2ab`\]/),
      "### dev",
      "dev: nothing",
      "### prod",
      "prod: 10 -> 25 %",
    ];
    expect(written).toEqual([{ method: "POST", path: "/issues/7/comments", body: expect.anything() }]);
    expect(String(written[0]?.body?.["body"]).split("\n\n")).toEqual(body);
  });

  test("is written anew in its place, be it on a later page, and never in a person's that copied its mark", async () => {
    const others = Array.from({ length: 99 }, (_, id) => ({ id, body: "other", user: person }));
    const { github, written } = await gitHubServer({
      ...labelled,
      [comments]: [...others, { id: 99, body: mark("review"), user: person }],
      [comments.replace(/1$/, "2")]: [{ id: 100, body: mark("review"), user: bot }],
    });
    await comment(github, reviews({ dev: {} }), ["dev"]);
    expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual(["PATCH /issues/comments/100"]);
  });

  test("says so when nothing is left to review, and is not begun for that", async () => {
    const known = await gitHubServer({
      ...labelled,
      [comments]: [{ id: 1, body: mark("review"), user: bot }],
    });
    await comment(known.github, "/nowhere", []);
    expect(JSON.stringify(known.written)).toContain("no longer changes a release");
    const none = await gitHubServer({ ...labelled, [comments]: [] });
    await comment(none.github, "/nowhere", []);
    expect(none.written).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, object | string>>]>([
    ["left no review", { dev: {} }],
    ["left one that is cut off", { dev: {}, prod: '{"environment":' }],
    ["left one of another form", { dev: {}, prod: { findings: 2 } }],
    ["left the review of another environment", { dev: {}, prod: { environment: "dev" } }],
  ])("never allows a merge where an environment %s", async (_, found) => {
    const { github, written } = await gitHubServer({ ...labelled, [comments]: [] });
    await comment(github, reviews(found), ["dev", "prod"]);
    expect(headOf(written)[1]).toBe("## Release review: could not be made");
    expect(JSON.stringify(written)).toContain("`prod` could not be reviewed");
  });

  test("is cut where GitHub would refuse it, with its mark", async () => {
    const { github, written } = await gitHubServer({ ...labelled, [comments]: [] });
    const lines = Array.from({ length: 9_000 }, (_, line) => `~ aws_lambda_function.number_${line}`);
    await comment(github, reviews({ dev: { plans: [{ stack: "shop-dev", changes: 9_000, lines }] } }), [
      "dev",
    ]);
    const body = String(written[0]?.body?.["body"]);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_400);
    expect(headOf(written)).toEqual(["<!-- lambda-release review -->", "## Release review: may be merged"]);
    expect(body).toContain("**Left out**, because GitHub limits a comment: 1 plan in part or whole.");
  });

  test("that a run may not write, as of a fork, is a line, and nothing else is tried", async () => {
    const said = jest.spyOn(console, "log").mockImplementation(() => {});
    const { github, written } = await gitHubServer({ [comments]: [], "POST /issues/7/comments": 403 });
    await comment(github, reviews({ dev: {} }), ["dev"]);
    expect(said.mock.calls).toEqual([
      [
        "#7 gets no comment and no labels, as this run may not write: " +
          "GitHub answers 403 to POST /issues/7/comments: Resource not accessible by integration",
      ],
    ]);
    expect(written).toHaveLength(1);
    said.mockRestore();
  });

  test("what GitHub refuses is one line", async () => {
    const { github } = await gitHubServer({});
    await expect(comment(github, reviews({ a: {} }), ["a"])).rejects.toThrow(
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

  test("is cut after a whole line where GitHub would refuse it", async () => {
    const plan = Array.from({ length: 2_000 }, (_, line) => `aws_lambda_function.\u{1f680}_${line}: update`);
    const [[, sent = ""] = []] = await reported([], clean, prod({ plan }));
    const { body } = JSON.parse(sent) as { body: string };
    expect(body.length).toBeLessThanOrEqual(65_536);
    const lines = body.split("\n");
    expect(lines.at(-3)).toMatch(/^- `shop-prod`: `aws_lambda_function\.\u{1f680}_\d+: update`$/u);
    expect(lines.at(-1)).toContain("the run's summary has it");
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
