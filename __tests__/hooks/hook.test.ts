import { handler as afterTraffic } from "../../lambdas/hooks/after-traffic";
import { handler as beforeTraffic } from "../../lambdas/hooks/before-traffic";
import { hook, type Rollout } from "../../src/hooks/hook";
import { AwsEndpoint } from "./aws-endpoint";

jest.setTimeout(30_000);

const event = { DeploymentId: "d-1", LifecycleEventHookExecutionId: "hook-1" };
const former = { ...process.env };
let aws: AwsEndpoint;
let lines: jest.SpyInstance;

beforeEach(async () => {
  aws = new AwsEndpoint();
  const url = await aws.listen();
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: url,
    API_ENDPOINT: `${url}/dev`,
  });
  lines = jest.spyOn(console, "log").mockImplementation(() => {});
});

afterEach(async () => {
  await aws.close();
  lines.mockRestore();
  process.env = { ...former };
});

const within = (milliseconds: number) => {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() };
};
const printed = () => lines.mock.calls.map(([line]) => line);

test("a hook is told what the deployment does, and its end is success", async () => {
  const told: Rollout[] = [];
  await hook(async (rollout) => void told.push(rollout))(event, within(60_000));
  const [functionName, alias, currentVersion, targetVersion] = ["shop-dev", "live", "1", "2"];
  expect(told).toEqual([{ functionName, alias, currentVersion, targetVersion, deploymentId: "d-1" }]);
  expect(aws.requests).toEqual([
    "GetDeployment",
    "GetApplicationRevision",
    "PutLifecycleEventHookExecutionStatus",
  ]);
  expect(aws.bodies.at(-1)).toEqual({
    deploymentId: "d-1",
    lifecycleEventHookExecutionId: "hook-1",
    status: "Succeeded",
  });
  expect(printed()).toEqual(["Succeeded, deployment d-1: shop-dev:live from 1 to 2"]);
});

test.each<[string, () => Promise<void>, string]>([
  ["an error", async () => Promise.reject(new Error("no\n  stock")), "no stock"],
  [
    "an error before it awaits anything",
    () => {
      throw new Error("no stock");
    },
    "no stock",
  ],
  ["text", async () => Promise.reject("no stock"), "no stock"],
])("a hook that throws %s has failed, which is reported once and told in a line", async (_, check, why) => {
  await hook(check)(event, within(60_000));
  expect(aws.reports).toEqual(["Failed"]);
  expect(printed()).toEqual([`Failed, deployment d-1: ${why}`]);
});

test("a hook that runs out of time has failed, and what it says later is not reported", async () => {
  let end = () => {};
  const check = () =>
    new Promise<void>((resolve) => {
      end = resolve;
    });
  const started = Date.now();
  await hook(check)(event, within(1_000));
  expect(Date.now() - started).toBeLessThan(900);
  end();
  await new Promise(setImmediate);
  expect(aws.reports).toEqual(["Failed"]);
  expect(printed()).toEqual(["Failed, deployment d-1: the hook ran out of time: it had 0.5 s"]);
});

test("a deployment whose AppSpec tells no function fails", async () => {
  aws.appSpec = "version: 0.0";
  await hook(async () => {})(event, within(60_000));
  expect(aws.reports).toEqual(["Failed"]);
  expect(printed()).toEqual([
    "Failed, deployment d-1: the AppSpec must be JSON that gives the 'Name' of a function",
  ]);
});

test.each([
  ["refused", "AccessDeniedException"],
  ["cut off", undefined],
])("a report that is %s is sent again, and counts once", async (_, refusal) => {
  aws.refusals = [refusal];
  await hook(async () => {})(event, within(60_000));
  expect(aws.reports).toEqual(["Succeeded"]);
});

test("a report that came through already is not sent again", async () => {
  aws.refusals = ["LifecycleEventAlreadyCompletedException"];
  await hook(async () => {})(event, within(60_000));
  expect(aws.reports).toEqual([]);
  expect(aws.requests.filter((one) => one.startsWith("Put"))).toHaveLength(1);
});

test("a report that is refused again and again is an error, so that Lambda calls the hook anew", async () => {
  aws.refusals = Array(9).fill("AccessDeniedException");
  await expect(hook(async () => {})(event, within(60_000))).rejects.toThrow("AccessDeniedException");
  expect(aws.requests.filter((one) => one.startsWith("Put"))).toHaveLength(5);
});

describe("before-traffic", () => {
  test("asks the new version for GET / as API Gateway would", async () => {
    await beforeTraffic(event, within(60_000));
    expect(aws.requests[2]).toBe("POST /2015-03-31/functions/shop-dev/invocations?Qualifier=2");
    expect(aws.bodies[2]).toMatchObject({
      httpMethod: "GET",
      path: "/",
      requestContext: { resourcePath: "/" },
    });
    expect(aws.reports).toEqual(["Succeeded"]);
  });

  test.each([
    [{ body: { statusCode: 204 } }, "Succeeded"],
    [{ body: { body: "no status is a 200" } }, "Succeeded"],
    [{ body: { statusCode: 500, body: "broken" } }, "Failed"],
    [{ body: { statusCode: 302 } }, "Failed"],
    [{ body: null }, "Failed"],
    [{ headers: { "x-amz-function-error": "Unhandled" }, body: { errorMessage: "broken" } }, "Failed"],
    [{ status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException" }, body: {} }, "Failed"],
  ])("%j is %s", async (invocation, status) => {
    aws.invocation = invocation;
    await beforeTraffic(event, within(60_000));
    expect(aws.reports).toEqual([status]);
  });
});

describe("after-traffic", () => {
  test.each([
    [200, "Succeeded"],
    [404, "Failed"],
    [503, "Failed"],
  ])("the public endpoint's %d is %s", async (publicStatus, status) => {
    aws.publicStatus = publicStatus;
    await afterTraffic(event, within(60_000));
    expect(aws.requests).toContain("GET /dev/");
    expect(aws.reports).toEqual([status]);
  });

  test("fails without an endpoint", async () => {
    delete process.env["API_ENDPOINT"];
    await afterTraffic(event, within(60_000));
    expect(printed()).toEqual([
      "Failed, deployment d-1: the environment variable API_ENDPOINT must be given",
    ]);
  });
});
