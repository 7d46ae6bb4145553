import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import {
  type CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { RealClock } from "../../../src/rehearsal/codedeploy/clock";
import { bin, projectFolder } from "../../support/command";
import { release } from "../../support/release-command";
import { appSpecOf, clientOf, revisionOf } from "./deployed-shop";
import { blueGreen, appSpecOf as ecsAppSpecOf, groupOf, production, putFirst } from "./deployed-web";
import { FakeEcs } from "./fake-ecs";
import { FakeLambda } from "./fake-lambda";
import { FakeLoadBalancer } from "./fake-load-balancer";
import { serviceRoleArn } from "./local-codedeploy";

const lambda = new FakeLambda(new RealClock());
const ecs = new FakeEcs(new RealClock());
const loadBalancer = new FakeLoadBalancer(new RealClock());
let child: ChildProcess | undefined;
let client: CodeDeployClient;
afterEach(() => {
  client?.destroy();
  child?.kill();
});
afterAll(() => {
  for (const service of [lambda, ecs, loadBalancer]) service.close();
});

describe("the command", () => {
  it("serves CodeDeploy, with a clock that is as fast as it is told", async () => {
    lambda.aliases.set("shop:live", { version: "1", weights: {} });
    await serve("--lambda-endpoint", `${await lambda.listen()}/`);
    const names = { applicationName: "shop", deploymentGroupName: "shop-dev" };
    await client.send(new CreateApplicationCommand({ applicationName: "shop", computePlatform: "Lambda" }));
    await client.send(
      new CreateDeploymentGroupCommand({
        ...names,
        serviceRoleArn,
        deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
      }),
    );
    expect(await endOf({ ...names, revision: revisionOf(appSpecOf({})) })).toBe("Succeeded");
    expect(lambda.moves.map(({ version, weights }) => ({ version, weights }))).toEqual([
      { version: "1", weights: { "2": 0.1 } },
      { version: "2", weights: {} },
    ]);
  }, 30_000);

  it("deploys to ECS, in real time too", async () => {
    putFirst(ecs, loadBalancer);
    const endpoints = ["--ecs-endpoint", await ecs.listen(), "--elb-endpoint", await loadBalancer.listen()];
    await serve(...endpoints);
    await client.send(new CreateApplicationCommand({ applicationName: "web", computePlatform: "ECS" }));
    const group = groupOf({
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      blueGreenDeploymentConfiguration: blueGreen({ terminate: 5 }),
    });
    await client.send(group);
    const { applicationName, deploymentGroupName } = group.input;
    const revision = revisionOf(ecsAppSpecOf({}));
    expect(await endOf({ applicationName, deploymentGroupName, revision })).toBe("Succeeded");
    expect(ecs.running).toEqual(["PRIMARY web:2 two"]);
    const moved = loadBalancer.moves.filter(({ rule }) => rule === production);
    expect(moved.map(({ weights }) => weights)).toEqual([{ one: 90, two: 10 }, { two: 1 }]);
  }, 30_000);

  it("ends with a line when a variable has no address", async () => {
    const variables = { AWS_ENDPOINT_URL_LAMBDA: "localhost" };
    const { exitCode, stderr } = await release(projectFolder, ["codedeploy"], { variables });
    expect(stderr).toBe(
      'error: AWS_ENDPOINT_URL_LAMBDA must be an address such as http://127.0.0.1:4566, got "localhost"\n',
    );
    expect(exitCode).toBe(2);
  }, 30_000);

  it("ends with a line when the region is none", async () => {
    const options = ["--aws-endpoint", "http://127.0.0.1:9", "--region", "Frankfurt"];
    const { exitCode, stderr } = await release(projectFolder, ["codedeploy", ...options]);
    expect(stderr).toContain("It must be an AWS region such as eu-central-1.\n");
    expect(exitCode).toBe(2);
  }, 30_000);

  it.each([
    ["reaches nothing", [], "--lambda-endpoint, --ecs-endpoint or --aws-endpoint must be given"],
    [
      "has ECS without a load balancer",
      ["--ecs-endpoint", "http://127.0.0.1:9"],
      "--elb-endpoint must be given with --ecs-endpoint",
    ],
  ])(
    "ends with a line when it %s",
    async (_, options, message) => {
      const { exitCode, stderr } = await release(projectFolder, ["codedeploy", ...options]);
      expect(stderr).toBe(`error: ${message}\n`);
      expect(exitCode).toBe(2);
    },
    30_000,
  );
});

/** Starts the command, where a minute takes a tenth of a second. */
async function serve(...endpoints: string[]): Promise<void> {
  child = spawn(process.execPath, [bin, "codedeploy", ...endpoints, "--speed", "600"], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
  const [, url = ""] = /^serving {6}(http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
  client = clientOf(url);
}

/** Deploys. @returns with what status that ends */
async function endOf(input: CreateDeploymentCommandInput): Promise<string | undefined> {
  const { deploymentId } = await client.send(new CreateDeploymentCommand(input));
  const status = async () =>
    (await client.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo?.status;
  for (let waited = 0; waited < 10_000 && (await status()) === "InProgress"; waited += 50) await pause(50);
  return status();
}
