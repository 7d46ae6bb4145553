import { join } from "node:path";
import { CallTime } from "../../src/live/call-time";
import { tellTopics } from "../../src/live/topics";
import { environmentNamed } from "../../src/workflows/environments";
import { notify } from "../../src/workflows/notify";
import { published } from "../guard/guard-answers";
import { AnsweringEndpoint, accountId, type Table } from "../live/answering-endpoint";
import { gitHubServer } from "../support/github-server";
import { createProject, shop, temporaryFolder, writeFiles } from "../support/project";
import { blockBelow } from "../support/readme";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

/** As SNS and STS answer, in XML. */
const denied = (message: string) => ({
  status: 403,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const topic = `arn:aws:sns:eu-central-1:${accountId}:releases`;
const elsewhere = `arn:aws:sns:us-east-1:${accountId}:all-releases`;

interface Told {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
}

/** What of a stage's users is at v1 and v2. */
const stage = (stable: string, percent?: number) => ({
  variables: { shopFunction: `shop-dev-${stable}` },
  canary_settings:
    percent === undefined
      ? []
      : [{ percent_traffic: percent, stage_variable_overrides: { shopFunction: "shop-dev-v2" } }],
});

function planOf(before: object | null, after: object): string {
  const change = (address: string, one: object | null, other: object) => ({
    address,
    mode: "managed",
    type: address.split(".")[0],
    change: { actions: ["update"], before: one, after: other, after_unknown: {} },
  });
  const name = { name: "shop-dev" };
  const folder = temporaryFolder();
  writeFiles(folder, {
    "plan.json": {
      format_version: "1.2",
      resource_changes: [
        change("aws_api_gateway_rest_api.api_C8550315", name, name),
        change("aws_api_gateway_stage.canary-stage_EA838A75", before, after),
      ],
    },
  });
  return join(folder, "plan.json");
}

async function told(
  release: object,
  file: string,
  {
    topics = [topic],
    table = { Publish: published },
    commit: deployed = commit,
    pulls = [] as object[],
  } = {},
) {
  const project = createProject(
    shop(release, {
      "releases/dev/environment.json": {
        region: "eu-central-1",
        ...(topics.length > 0 && { notifications: { topics } }),
      },
    }),
  );
  aws.set(table as Table);
  const { github } = await gitHubServer({ [`GET /commits/${commit}/pulls`]: pulls });
  const stacks = environmentNamed(project, "dev").stacks.map((stack) => ({ ...stack, plan: { file } }));
  const next = () => "next dev/shop";
  const troubles = await notify(project, stacks, { commit: deployed, github: () => github, next });
  const sent = aws.calls.filter(({ name }) => name === "Publish").map(({ body }) => body as Told);
  return { troubles, sent, titles: sent.map(({ Subject }) => Subject) };
}

const commit = "7d0e8a65f4c1b2d3e4f5a6b7c8d9e0f13f9c2ab1";
const pullRequest = "https://github.com/example/shop/pull/7";
const canary = (percent: number) => ({ canary: { version: "v2", percent } });

test("a deploy that moves users tells from what to what, by which pull request, and what comes next", async () => {
  const merged = {
    merged_at: "2026-11-28T07:00:00Z",
    merge_commit_sha: commit,
    html_url: pullRequest,
  };
  const { sent, troubles } = await told(canary(25), planOf(stage("v1", 10), stage("v1", 25)), {
    pulls: [merged],
  });
  const title = "dev/shop: v2 from 10 to 25 %";
  const lines = [
    "Service: shop",
    "Environment: dev",
    "From: v1 90 %, v2 10 %",
    "To: v1 75 %, v2 25 %",
    `Commit: ${commit}`,
    `Pull request: ${pullRequest}`,
    "Next: npx lambda-release next dev/shop",
  ];
  expect(troubles).toEqual([]);
  expect(sent).toEqual([
    expect.objectContaining({ TopicArn: topic, Subject: title, MessageStructure: "json" }),
  ]);
  const { default: text, https } = JSON.parse(sent[0]?.Message ?? "");
  expect(text.split("\n")).toEqual([title, "", ...lines]);
  expect(blockBelow("docs/github.md", "message")).toBe(`${text}\n`);
  expect(JSON.parse(https)).toEqual({
    version: "1.0",
    source: "custom",
    content: { textType: "client-markdown", title, description: lines.join("\n") },
    metadata: { threadId: "dev/shop v2", summary: title },
  });
});

test.each<[string, object, object, object, string]>([
  ["a start", canary(10), stage("v1"), stage("v1", 10), "v2 is started at 10 %"],
  ["a start of what had no share", canary(10), stage("v1", 0), stage("v1", 10), "v2 is started at 10 %"],
  ["a smaller share", canary(5), stage("v1", 10), stage("v1", 5), "v2 from 10 to 5 %"],
  ["a promotion", { stable: "v2", former: "v1" }, stage("v1", 50), stage("v2"), "v2 is promoted"],
  ["a stop", {}, stage("v1", 50), stage("v1"), "v2 is stopped, v1 serves everybody"],
  ["a rollback", { stable: "v1" }, stage("v2"), stage("v1"), "rolled back from v2 to v1"],
])("%s is told as one", async (_, release, before, after, title) => {
  expect((await told(release, planOf(before, after))).titles).toEqual([`dev/shop: ${title}`]);
});

test.each<[string, object, string, string[]]>([
  [
    "users that the guard has moved before",
    {},
    planOf(stage("v1"), { ...stage("v1"), description: "x" }),
    [topic],
  ],
  ["a first deploy, which takes users from nobody", {}, planOf(null, stage("v1")), [topic]],
  [
    "a move in an environment without notifications",
    canary(25),
    planOf(stage("v1", 10), stage("v1", 25)),
    [],
  ],
])("nothing is told of %s, and AWS is not asked", async (_, release, plan, topics) => {
  const { sent, troubles } = await told(release, plan, { topics });
  expect([sent, troubles, aws.calls]).toEqual([[], [], []]);
});

test("a topic that cannot be told is a line, and the others are told, in another region too", async () => {
  const { sent, troubles } = await told(canary(25), planOf(stage("v1", 10), stage("v1", 25)), {
    topics: [topic, elsewhere],
    table: { Publish: [denied("not yours"), published] } as never,
  });
  expect(sent.map(({ TopicArn }) => TopicArn).sort()).toEqual([elsewhere, topic].sort());
  expect(troubles).toEqual([
    expect.stringMatching(/^arn:aws:sns:.* was not notified: access denied for sns:Publish: not yours$/),
  ]);
  const shown = blockBelow("docs/github.md", "untold").trim();
  expect(shown).toBe(`careful  ${troubles[0]?.replace(accountId, "123456789012")}`);
});

test("what keeps anybody from being told is one line: no credentials, or a plan that cannot be read", async () => {
  const move = planOf(stage("v1", 10), stage("v1", 25));
  const signedOut = await told(canary(25), move, { table: { "POST /": denied("expired") } as never });
  expect(signedOut.troubles).toEqual([expect.stringMatching(/^dev\/shop: no topic was notified: .*expired/)]);
  const { troubles } = await told(canary(25), "/nowhere/plan.json");
  expect(troubles).toEqual([
    "dev/shop: no topic was notified: /nowhere/plan.json must exist and be readable",
  ]);
});

test("a pull request that GitHub does not tell is left out", async () => {
  const { sent } = await told(canary(25), planOf(stage("v1", 10), stage("v1", 25)), { commit: "unknown" });
  const message = sent[0]?.Message ?? "";
  expect([message.includes("Commit: unknown"), message.includes("Pull request")]).toEqual([true, false]);
});

test("a subject is fewer than 100 characters of ASCII on one line, and the text has all of it", async () => {
  aws.set({ Publish: published });
  const title = `dev/shop:\nv2 über ${"x".repeat(120)}`;
  const account = { accountId, region: "eu-central-1", time: new CallTime() };
  expect(await tellTopics(account, [topic], { title, lines: [] })).toEqual([]);
  const [{ Subject, Message } = {}] = aws.calls.map(({ body }) => body as Partial<Told>);
  expect(Subject).toBe(`dev/shop:?v2 ?ber ${"x".repeat(81)}`);
  expect(Subject).toHaveLength(99);
  expect(JSON.parse(Message ?? "").default).toContain(title);
});
