import { join } from "node:path";
import { type DeployOptions, deployEnvironment } from "../../src/workflows/deploy";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Answers } from "../live/answering-endpoint";
import { asked, metrics, type Values } from "../live/cloudwatch-minutes";
import { deployedShop } from "../live/deployed-shop";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, shop, writeFiles } from "../support/project";

const commands = fakeCommands({
  terraform: `
    case $1 in
      plan) exit 2 ;;
      state) echo '{ "lineage": "l1" }' ;;
      show) cat shown.json ;;
    esac`,
});
usedInstead(commands);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  jest.spyOn(console, "log").mockImplementation(() => {});
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const [nine, decided] = ["2026-11-27T09:00:00Z", "2026-11-28T09:00:00Z"];
const steps = [{ percent: 10, verdict: "as-good" }, { percent: 50 }];
/** Ten percent are live since long ago: what the file says is the next step. */
const hourAgo = Math.floor(Date.now() / 1000) - 3600;
const inStage = (percent: number, more: object = {}) =>
  deployedShop({ canary: { percent }, fields: { lastUpdatedDate: hourAgo, ...more } });

const requests: Values = {
  "StableRequests Sum": 5400,
  "CanaryRequests Sum": 600,
  "Invocations Sum": 600,
  "Errors Sum": 0,
};
const good = () => metrics(aws, requests);
const bad = () => metrics(aws, { ...requests, "Canary5xx Sum": 12 });

interface Planned {
  readonly from: number;
  readonly to: number;
  readonly fields: object;
}

/** Deploys a step of the shop that Terraform plans, which somebody has read. */
async function deploy(files: ReturnType<typeof shop>, { from, to }: Planned, options: DeployOptions = {}) {
  const [first, second] = "lambdas/shop/v1/shop.ts" in files ? ["v1", "v2"] : ["1", "2"];
  const project = createProject(files);
  const shares = (percent: number) => ({ [first]: 100 - percent, [second]: percent });
  writeFiles(join(project, "cdktf.out/stacks/shop-dev"), {
    "shown.json": {
      resource_changes: [
        {
          address: "aws_api_gateway_stage.stage",
          mode: "managed",
          change: { actions: ["update"], after: { percent: to } },
        },
      ],
      output_changes: { traffic: { before: shares(from), after: shares(to) } },
    },
  });
  const run = (accepted: string) => deployEnvironment(project, "dev", { accepted }, options);
  const refused = await run("none").catch((error: Error) => error.message);
  const [, accepted = ""] = /'accept' ([0-9a-f]{32})/.exec(String(refused)) ?? [];
  return run(accepted);
}

const step: Planned = { from: 10, to: 50, fields: {} };
const stepped = (fields: object = {}) =>
  shop({
    stage: { accessLogs: true },
    verdict: { latency: false },
    steps,
    canary: { version: "v2", percent: 50, since: decided },
    ...fields,
  });

describe("a deploy of a step beyond one that waits for the verdict", () => {
  test("is done where AWS's numbers since the former share is live are as good", async () => {
    aws.set({ ...inStage(10), GetMetricData: good() });
    expect(await deploy(stepped(), step)).toEqual(["shop"]);
    expect(asked(aws).StartTime).toBe(Math.ceil(hourAgo / 60) * 60);
  });

  test("is refused while the version is worse, and names the way past", async () => {
    aws.set({ ...inStage(10), GetMetricData: bad() });
    await expect(deploy(stepped(), step)).rejects.toThrow(
      /^v2 gets more users only when it is as good as v1, and the verdict is worse: failed answers \(2 % of [\d,]+, beside 0 % of [\d,]+\); look: npx lambda-release verdict dev\/shop; run this workflow by hand with 'skip-verdict' to go on without it$/,
    );
    expect(await deploy(stepped(), step, { skipVerdict: true })).toEqual(["shop"]);
  });

  test("is refused for a promotion too, which compares with the version that is stable in AWS", async () => {
    const promoted = stepped({ stable: "v2", former: "v1", canary: undefined, steps: steps.slice(0, 1) });
    aws.set({ ...inStage(10), GetMetricData: bad() });
    await expect(deploy(promoted, { ...step, to: 100 })).rejects.toThrow(
      "as good as v1, and the verdict is worse",
    );
    aws.set({ ...inStage(10), GetMetricData: good() });
    expect(await deploy(promoted, { ...step, to: 100 })).toEqual(["shop"]);
  });

  const denied = { status: 403, error: "AccessDenied", body: { message: "not yours" } };
  test.each<[string, Record<string, Answers>, string]>([
    [
      "CloudWatch refuses",
      { ...inStage(10), GetMetricData: denied },
      "access denied for cloudwatch:GetMetricData",
    ],
    ["API Gateway refuses", { "GET /restapis": denied }, "access denied for apigateway:GET"],
    [
      "AWS has moved on since the plan",
      inStage(20),
      "AWS does not give v2 the 10 % that the plan was made of",
    ],
    [
      "the stage does not say when it was changed",
      inStage(10, { lastUpdatedDate: undefined }),
      "AWS does not say since when v2 has 10 %",
    ],
  ])("is refused where %s", async (_, answers, why) => {
    aws.set(answers);
    await expect(deploy(stepped(), step)).rejects.toThrow(
      `the verdict that this step of dev/shop waits for is not known: ${why}`,
    );
  });

  test.each<[string, object, Planned]>([
    [
      "a canary that starts",
      { canary: { version: "v2", percent: 10, since: decided } },
      { ...step, from: 0, to: 10 },
    ],
    ["a smaller share", { canary: { version: "v2", percent: 5, since: decided } }, { ...step, to: 5 }],
    ["a step that waits for none", { steps: [{ percent: 10 }, { percent: 50, verdict: "as-good" }] }, step],
  ])("asks nobody for %s", async (_, fields, planned) => {
    aws.set({});
    expect(await deploy(stepped(fields), planned)).toEqual(["shop"]);
    expect(aws.calls).toEqual([]);
  });
});

test("of an alias, a deploy compares since the guard saw the share", async () => {
  const seen = new Date(hourAgo * 1000).toISOString();
  const alias = {
    Name: "live",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
  };
  const table: Record<string, Answers> = {
    "GET /2015-03-31/functions/shop-dev/aliases": { body: { Aliases: [alias] } },
    GetParameter: { body: { Parameter: { Value: JSON.stringify({ version: "2", percent: 10, at: seen }) } } },
    PutParameter: { body: { Version: 2 } },
    GetMetricData: good(),
  };
  const files = oneFunction("weighted-alias", "code", {
    versions: [1, 2],
    canary: { version: 2, percent: 50, since: decided },
    stableSince: nine,
    steps,
    guard: {},
    alarms: {},
    verdict: { latency: false },
  });
  aws.set(table);
  expect(await deploy(files, step, { ignoreAlarms: true })).toEqual(["shop"]);
  const call = aws.calls.find(({ name }) => name === "GetMetricData");
  expect(call?.body).toMatchObject({ StartTime: Math.ceil(hourAgo / 60) * 60 });
  aws.set({ ...table, GetParameter: { body: { Parameter: { Value: "{}" } } } });
  await expect(deploy(files, step, { ignoreAlarms: true })).rejects.toThrow(
    "AWS does not say since when 2 has 10 %, and no guard has recorded it",
  );
});
