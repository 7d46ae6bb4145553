import { verdictText } from "../../src/cli/service-text";
import { LiveView } from "../../src/live/live-view";
import { serviceView } from "../../src/watch/service-view";
import { release } from "../support/release-command";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { asked, dimension, metrics } from "./cloudwatch-minutes";
import { variablesOfAws } from "./deployed-shop";
import { deployNative, revision, rolledBack, shopWith, told } from "./native-shop";
import { readShop } from "./shop-context";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const now = new Date("2026-11-27T11:03:30Z");
const startedAt = Date.parse("2026-11-27T10:00:00Z") / 1000;
const values = {
  "green RequestCount Sum": 5400,
  "blue RequestCount Sum": 600,
  "green HTTPCode_Target_5XX_Count Sum": 5,
  "green TargetResponseTime p50": 0.04,
  "blue TargetResponseTime p50": 0.08,
};

async function verdict(looks: Answers, ...options: string[]) {
  deployNative(aws, looks, { GetMetricData: metrics(aws, values) });
  return release(shopWith(), ["verdict", "dev/shop", ...options], { variables: variablesOfAws(), now });
}

test("verdict of ecs-native compares the target groups of the revisions since the deployment began", async () => {
  const stage = "PRODUCTION_TRAFFIC_SHIFT";
  const { stdout, exitCode } = await verdict(
    told("IN_PROGRESS", { lifecycleStage: stage, startedAt }),
    "--json",
  );
  expect(JSON.parse(stdout)).toMatchObject({
    stable: "v1",
    canary: "v2",
    answer: "worse",
    of: "requests",
    from: "2026-11-27T10:00:00Z",
    requests: { stable: 324_000, canary: 36_000 },
    comparisons: [
      { name: "failed answers", answer: "as good" },
      { name: "p50", answer: "worse", stable: 40, canary: 80 },
      { name: "p95", answer: "not enough yet" },
    ],
  });
  expect(exitCode).toBe(1);
  const [{ MetricStat }] = asked(aws).MetricDataQueries as [ReturnType<typeof asked>["MetricDataQueries"][0]];
  expect(dimension(MetricStat.Metric, "LoadBalancer")).toBe("app/shop-dev/50dc6c495c0c9188");
  expect(dimension(MetricStat.Metric, "TargetGroup")).toBe("targetgroup/green/1a2b");
});

test("the view of a shift has the minutes and the verdict of both versions, and of no time before it", async () => {
  const shift = told("IN_PROGRESS", { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT", startedAt });
  deployNative(aws, shift, { GetMetricData: metrics(aws, values) });
  const project = shopWith();
  const read = { project, release: readShop(project), name: "dev/shop", path: "releases/dev/shop.json" };
  const view = new LiveView();
  const at = new Date("2026-11-27T10:20:30Z");
  const seen = serviceView(read, await view.look(read, at), [], at);
  view.close();
  expect(seen.minutes).toMatchObject({
    from: "2026-11-27T10:00:00Z",
    stable: { version: "v1", requests: Array(20).fill(5400) },
    canary: { version: "v2", requests: Array(20).fill(600) },
  });
  expect(verdictText(seen)).toBe("worse: v2 is worse in p50");
  deployNative(aws, told("SUCCESSFUL"));
  const after = new LiveView();
  const { minutes, verdict: none } = await after.look(read, at);
  after.close();
  expect([minutes, none]).toEqual(Array(2).fill({ notKnown: expect.stringContaining("not shifting users") }));
});

const noUsers = { targetServiceRevision: { arn: revision("v2") }, lifecycleStage: "SCALE_UP" };

test.each<[string, Answers, string]>([
  [
    "no shift is in progress",
    told("SUCCESSFUL"),
    "ECS is not shifting users of dev/shop: change 'stable' and deploy, which starts a shift",
  ],
  [
    "ECS has rolled back",
    rolledBack,
    "ECS is not shifting users of dev/shop: change 'stable' and deploy, which starts a shift",
  ],
  [
    "ECS is rolling back",
    told("ROLLBACK_IN_PROGRESS"),
    "ECS is moving users of dev/shop back: run 'rollout dev/shop --watch' to follow it",
  ],
  [
    "no user is at the new tasks yet",
    told("IN_PROGRESS", noUsers),
    "v2 has no users yet (SCALE_UP): run 'rollout dev/shop --watch' to follow it",
  ],
])("verdict says in one line what to do where %s", async (_, looks, why) => {
  expect(await verdict(looks)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `error: ${why}; the verdict compares while users are shifted\n`,
  });
});
