import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { RealClock } from "../../../rehearsal/codedeploy/clock";
import { projectFolder, run } from "../../support/command";
import { appSpecOf, clientOf, revisionOf } from "./deployed-shop";
import { FakeLambda } from "./fake-lambda";

const cli = ["--import", "tsx", "rehearsal/codedeploy/cli.ts"];
const lambda = new FakeLambda(new RealClock());
let child: ChildProcess | undefined;
afterAll(() => {
  child?.kill();
  lambda.close();
});

describe("the command", () => {
  it("serves CodeDeploy, with a clock that is as fast as it is told", async () => {
    lambda.aliases.set("shop:live", { version: "1", weights: {} });
    const options = ["--lambda-endpoint", `${await lambda.listen()}/`, "--speed", "600"];
    child = spawn(process.execPath, [...cli, ...options], {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
    const [, url = ""] = /^serving {6}(http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];

    const client = clientOf(url);
    const group = { applicationName: "shop", deploymentGroupName: "shop-dev" };
    await client.send(new CreateApplicationCommand({ applicationName: "shop", computePlatform: "Lambda" }));
    await client.send(
      new CreateDeploymentGroupCommand({
        ...group,
        serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
        deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
      }),
    );
    const revision = revisionOf(appSpecOf({}));
    const { deploymentId } = await client.send(new CreateDeploymentCommand({ ...group, revision }));
    const status = async () =>
      (await client.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo?.status;
    for (let waited = 0; waited < 10_000 && (await status()) === "InProgress"; waited += 50) await pause(50);
    expect(await status()).toBe("Succeeded");
    expect(lambda.moves.map(({ version, weights }) => ({ version, weights }))).toEqual([
      { version: "1", weights: { "2": 0.1 } },
      { version: "2", weights: {} },
    ]);
    client.destroy();
  }, 30_000);

  it("ends with a line when it has no Lambda", async () => {
    const { exitCode, stderr } = await run(projectFolder, process.execPath, cli);
    expect(stderr).toBe("error: --lambda-endpoint must be given\n");
    expect(exitCode).toBe(1);
  }, 30_000);
});
