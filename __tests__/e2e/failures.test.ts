import { stripVTControlCharacters } from "node:util";
import type { Running } from "../support/command";
import { expectShare } from "../support/expect-share";
import type { Files } from "../support/project";
import { handler, shop } from "../support/shop";
import { canInstallArchiveProvider } from "../support/terraform-providers";
import { answers, Watch } from "./answers";
import { byHand } from "./by-hand";
import { DeployedProject } from "./deployed-project";
import { awsError, FaultyEndpoint } from "./faulty-endpoint";
import { type LocalAws, startLocalAws } from "./local-aws";

jest.setTimeout(600_000);

const createFunction = /^POST \/2015-03-31\/functions$/;
const addPermission = /^POST \/2015-03-31\/functions\/[\w-]+\/policy$/;
const createDeployment = /^POST \/restapis\/\w+\/deployments$/;
const createStage = /^POST \/restapis\/\w+\/stages$/;
const updateStage = /^PATCH \/restapis\/\w+\/stages\/dev$/;
const everything = /./;

const nothing = { add: 0, change: 0, destroy: 0 };

let aws: LocalAws;
/** What Terraform calls; users call `aws` itself. */
let endpoint: FaultyEndpoint;
let project: DeployedProject;

beforeAll(async () => {
  aws = await startLocalAws();
  endpoint = await FaultyEndpoint.start(aws.endpoint);
  project = new DeployedProject(endpoint.endpoint, "shop-dev", canInstallArchiveProvider());
});
beforeEach(() => endpoint.mend());
afterAll(() => {
  endpoint?.stop();
  aws?.stop();
});

const step = (release: object): Files =>
  shop(release, {
    "lambdas/shop/v3/shop.ts": handler("v3"),
    "lambdas/shop/v4/shop.ts": handler("v4"),
    "lambdas/shop/v5/shop.ts": handler("v5"),
  });
const withV3 = (percent: number) => ({
  versions: ["v1", "v2", "v3"],
  canary: { version: "v3", percent },
});

const usersUrl = () => `${aws.endpoint}/_aws/execute-api/${project.output("api_id")}/dev/`;
const users = () => answers(usersUrl(), 200);

/** What a deploy says that ends with an error, and who answered the users meanwhile. */
async function failedDeploy(): Promise<{ output: string; served: Record<string, number> }> {
  const watch = Watch.of(usersUrl());
  const { exitCode, stdout } = await project.attempt("deploy");
  expect(exitCode).toBe(1);
  return { output: stripVTControlCharacters(stdout), served: await watch.end() };
}

/** Starts a deploy and waits for a call, the last of so many, that is done or not but never answered. */
async function deployUntil(call: RegExp, isDone: "done" | "not done", times = 1): Promise<Running> {
  let seen = 0;
  const reached = new Promise<void>((resolve) => {
    endpoint.spoil(call, async (forward) => {
      if (++seen < times) return forward();
      if (isDone === "done") await forward();
      resolve();
      return new Promise(() => {});
    });
  });
  const deploy = project.startDeploy();
  await reached;
  return deploy;
}

/** Ends a deploy with all that it has started, and waits until Terraform is gone. */
async function end(deploy: Running, signal: "SIGINT" | "SIGKILL"): Promise<void> {
  deploy.signal(signal);
  expect((await deploy.finished).exitCode).not.toBe(0);
  await endpoint.untilLeft();
  endpoint.mend();
}

const expired = async () =>
  awsError(403, "ExpiredTokenException", "The security token included in the request is expired");

/** The steps follow one another: each begins with what the one before has left. */
describe("a deploy that fails", () => {
  test("two deployments made at once wait for one another, as API Gateway makes one in 5 seconds", async () => {
    let last = 0;
    let refused = 0;
    endpoint.spoil(createDeployment, async (forward) => {
      if (Date.now() - last < 5000) {
        refused++;
        return awsError(429, "TooManyRequestsException", "Too Many Requests");
      }
      last = Date.now();
      return forward();
    });
    await project.write(step({}));
    expect(await project.deploy()).toEqual({ add: 27, change: 0, destroy: 0 });
    expect(refused).toBeGreaterThan(0);
    expect(await users()).toEqual({ v1: 200 });
  });

  test("a function that AWS refuses moves nobody, also when the change would shift at once", async () => {
    await project.write(step(withV3(25)));
    endpoint.calls.length = 0;
    endpoint.spoil(createFunction, async () =>
      awsError(400, "CodeStorageExceededException", "Code storage limit exceeded."),
    );
    const { output, served } = await failedDeploy();
    expect(output).toContain("creating Lambda Function (shop-dev-v3)");
    expect(output).toContain("CodeStorageExceededException: Code storage limit exceeded.");
    expect(Object.keys(served)).toEqual(["v1"]);
    expect(endpoint.calls.filter((call) => updateStage.test(call))).toEqual([]);
  });

  test("credentials that expire before the stage moves leave stable with everybody", async () => {
    endpoint.spoil(updateStage, async () => {
      endpoint.spoil(everything, expired);
      return expired();
    });
    const { output, served } = await failedDeploy();
    expect(output).toContain("updating API Gateway Stage");
    expect(output).toContain("ExpiredTokenException");
    expect(Object.keys(served)).toEqual(["v1"]);
  });

  test("then the same command finishes, and takes a connection that breaks as no failure", async () => {
    let breaks = 2;
    endpoint.spoil(updateStage, async (forward) => (breaks-- > 0 ? "cut" : forward()));
    expect(await project.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    expect(breaks).toBe(-1);
    expectShare(await users(), "v3", 25);
    expect(await project.diff()).toEqual(nothing);
  });

  test("Ctrl+C before the stage moves leaves the split as it was", async () => {
    await project.write(step(withV3(75)));
    await end(await deployUntil(updateStage, "not done"), "SIGINT");
    expectShare(await users(), "v3", 25);
    expect(await project.deploy()).toEqual({ add: 0, change: 1, destroy: 0 });
    expectShare(await users(), "v3", 75);
  });

  test("a deploy killed after the stage moved has nothing left to do", async () => {
    await project.write(step(withV3(25)));
    await end(await deployUntil(updateStage, "done"), "SIGKILL");
    expectShare(await users(), "v3", 25);
    expect(await project.deploy()).toEqual(nothing);
  });

  test("a stage and a permission that somebody deleted come back as they were", async () => {
    const api = String(project.output("api_id"));
    await byHand(aws.endpoint, "apigateway", "DELETE", `/restapis/${api}/stages/dev`);
    await byHand(
      aws.endpoint,
      "lambda",
      "DELETE",
      `/2015-03-31/functions/shop-dev-v3/policy/AllowApi-${api}`,
    );
    const [status] = Object.keys(await answers(usersUrl(), 1));
    expect(Number(status)).toBeGreaterThanOrEqual(400);
    expect(await project.diff()).toEqual({ add: 3, change: 0, destroy: 0 });
    endpoint.calls.length = 0;
    expect(await project.deploy()).toEqual({ add: 3, change: 0, destroy: 0 });
    const order = endpoint.calls.filter((call) => addPermission.test(call) || createStage.test(call));
    expect(order[0]).toMatch(addPermission);
    expect(order[1]).toMatch(createStage);
    expectShare(await users(), "v3", 25);
    expect(await project.diff()).toEqual(nothing);
  });

  test.each([
    ["Ctrl+C", "SIGINT", "v4", /^GET .*\/functions\/shop-dev-v4$/, "not done"],
    ["a kill", "SIGKILL", "v5", createFunction, "done"],
  ] as const)(
    "a function that %s leaves half made keeps its name taken until it is deleted by hand",
    async (_, signal, version, call, isDone) => {
      const versions = ["v1", "v2", "v3", "v4", "v5"];
      await project.write(
        step({ ...withV3(25), versions: versions.slice(0, versions.indexOf(version) + 1) }),
      );
      await end(await deployUntil(call, isDone), signal);
      await end(await deployUntil(createFunction, "done", 3), "SIGINT");
      expect(Object.keys(await users()).sort()).toEqual(["v1", "v3"]);
      await byHand(aws.endpoint, "lambda", "DELETE", `/2015-03-31/functions/shop-dev-${version}`);
      expect(await project.deploy()).toEqual({ add: 2, change: 0, destroy: 0 });
    },
  );
});
