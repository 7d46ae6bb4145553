import { handler as endToEnd } from "../../lambdas/hooks/end-to-end";
import { type TaskRollout, taskHook } from "../../src/hooks/hook";
import { AwsEndpoint } from "./aws-endpoint";

jest.setTimeout(60_000);

const event = { DeploymentId: "d-1", LifecycleEventHookExecutionId: "hook-1" };
const taskDefinition = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-dev-v2:1";
const former = { ...process.env };
let aws: AwsEndpoint;
let lines: jest.SpyInstance;

beforeEach(async () => {
  aws = new AwsEndpoint();
  aws.appSpec = appSpec({
    TaskDefinition: taskDefinition,
    LoadBalancerInfo: { ContainerName: "shop", ContainerPort: 8080 },
  });
  const url = await aws.listen();
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: url,
    TEST_ENDPOINT: url,
  });
  lines = jest.spyOn(console, "log").mockImplementation(() => {});
});

afterEach(async () => {
  await aws.close();
  lines.mockRestore();
  process.env = { ...former };
});

const appSpec = (Properties: object) =>
  JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
    Hooks: [{ AfterAllowTestTraffic: "CodeDeployHook_shop-dev-end-to-end" }],
  });
const within = (milliseconds: number) => {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() };
};
const printed = () => lines.mock.calls.map(([line]) => line);
const asked = () => aws.requests.filter((one) => one === "GET /").length;

test("a hook of tasks is told the task definition and the container, and its end is success", async () => {
  const told: TaskRollout[] = [];
  await taskHook(async (rollout) => void told.push(rollout))(event, within(60_000));
  expect(told).toEqual([{ taskDefinition, containerName: "shop", containerPort: 8080, deploymentId: "d-1" }]);
  expect(aws.reports).toEqual(["Succeeded"]);
  expect(printed()).toEqual(["Succeeded, deployment d-1: shop to shop-dev-v2:1"]);
});

test.each([
  ["text", "version: 0.0"],
  [
    "one of a function",
    appSpec({ Name: "shop-dev", Alias: "live", CurrentVersion: "1", TargetVersion: "2" }),
  ],
])("an AppSpec that is %s fails", async (_, given) => {
  aws.appSpec = given;
  await taskHook(async () => {})(event, within(60_000));
  expect(aws.reports).toEqual(["Failed"]);
  expect(printed()).toEqual([
    "Failed, deployment d-1: the AppSpec must be JSON that gives the 'TaskDefinition', 'ContainerName' and 'ContainerPort' of a service",
  ]);
});

describe("end-to-end", () => {
  test("asks the test port for GET / ten times", async () => {
    await endToEnd(event, within(60_000));
    expect(asked()).toBe(10);
    expect(aws.reports).toEqual(["Succeeded"]);
  });

  test("waits for a test port that does not lead to the new tasks yet", async () => {
    aws.publicStatus = 503;
    setTimeout(() => {
      aws.publicStatus = 200;
    }, 1_200);
    await endToEnd(event, within(60_000));
    expect(asked()).toBeGreaterThan(10);
    expect(aws.reports).toEqual(["Succeeded"]);
  });

  test("fails on a new version that answers well and then no more", async () => {
    const well = setInterval(() => {
      if (asked() >= 3) aws.publicStatus = 500;
    }, 1);
    aws.delayMs = 20;
    await endToEnd(event, within(60_000));
    clearInterval(well);
    expect(aws.reports).toEqual(["Failed"]);
    expect(printed()[0]).toMatch(/must answer GET \/ with a status of 2xx, and answers 500$/);
  });

  test("fails on a new version that does not answer well for 10 s", async () => {
    aws.publicStatus = 404;
    await endToEnd(event, within(60_000));
    expect(aws.reports).toEqual(["Failed"]);
    expect(printed()[0]).toMatch(/ must answer GET \/ with a status of 2xx within 10 s, and answers 404$/);
  });

  test("fails without an endpoint", async () => {
    delete process.env["TEST_ENDPOINT"];
    await endToEnd(event, within(60_000));
    expect(printed()).toEqual([
      "Failed, deployment d-1: the environment variable TEST_ENDPOINT must be given",
    ]);
  });
});
