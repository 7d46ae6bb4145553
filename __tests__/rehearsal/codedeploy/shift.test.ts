import { CreateDeploymentConfigCommand } from "@aws-sdk/client-codedeploy";
import { predefinedConfigs } from "../../../src/rehearsal/codedeploy/predefined-configs";
import { scheduleOf } from "../../../src/rehearsal/codedeploy/schedule";
import { DeployedShop, minute } from "./deployed-shop";

const lambdaConfigs = predefinedConfigs.filter(({ computePlatform }) => computePlatform === "Lambda");

let shop: DeployedShop;
afterEach(() => shop.close());

describe("a Lambda deployment", () => {
  it.each(lambdaConfigs)("moves the alias as $deploymentConfigName says", async (config) => {
    shop = await DeployedShop.start();
    const { deploymentConfigName } = config;
    const info = await shop.deployed({}, { deploymentConfigName });
    const expected = scheduleOf(config.trafficRoutingConfig).map(({ atMinutes, percent }) =>
      percent === 100
        ? { atMinutes, version: "2", weights: {} }
        : { atMinutes, version: "1", weights: { "2": percent / 100 } },
    );
    expect(shop.lambda.moves).toEqual(expected);
    expect(info).toMatchObject({ status: "Succeeded", deploymentConfigName });
  });

  it("tells what it is and what it has done", async () => {
    shop = await DeployedShop.start();
    const info = await shop.deployed(
      {},
      { description: "the second", deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" },
    );
    expect(info).toMatchObject({
      applicationName: "shop",
      deploymentGroupName: "shop-dev",
      description: "the second",
      creator: "user",
      computePlatform: "Lambda",
      revision: {
        revisionType: "AppSpecContent",
        appSpecContent: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
      deploymentOverview: { Pending: 0, InProgress: 0, Succeeded: 1, Failed: 0, Skipped: 0, Ready: 0 },
      createTime: new Date("2026-01-01T00:00:00Z"),
      startTime: new Date("2026-01-01T00:00:00Z"),
      completeTime: new Date("2026-01-01T00:05:00Z"),
    });
    expect(info.revision?.appSpecContent?.content).toBeUndefined();
  });

  it("tells its target's share of the traffic at each moment", async () => {
    shop = await DeployedShop.start();
    const id = await shop.deploy(
      {},
      { deploymentConfigName: "CodeDeployDefault.LambdaLinear10PercentEvery10Minutes" },
    );
    const shares: (number | undefined)[] = [];
    for (let step = 0; step < 10; step++) {
      await shop.clock.advance(step === 0 ? 9 * minute : 10 * minute);
      shares.push((await shop.target(id)).lambdaFunctionInfo?.targetVersionWeight);
    }
    expect(shares).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect((await shop.info(id)).completeTime).toEqual(new Date("2026-01-01T01:30:00Z"));
  });

  it("is in progress until all traffic is shifted", async () => {
    shop = await DeployedShop.start();
    const id = await shop.deploy(
      {},
      { deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" },
    );
    await shop.clock.advance(5 * minute - 1);
    const info = await shop.info(id);
    expect(info.status).toBe("InProgress");
    expect(info.deploymentOverview).toBeUndefined();
    expect(await shop.target(id)).toEqual({
      deploymentId: id,
      targetId: "shop:live",
      targetArn: "arn:aws:lambda:eu-central-1:123456789012:function:shop:live",
      status: "InProgress",
      lastUpdatedAt: new Date("2026-01-01T00:00:00Z"),
      lifecycleEvents: [
        {
          lifecycleEventName: "BeforeAllowTraffic",
          status: "Succeeded",
          startTime: new Date("2026-01-01T00:00:00Z"),
          endTime: new Date("2026-01-01T00:00:00Z"),
        },
        {
          lifecycleEventName: "AllowTraffic",
          status: "InProgress",
          startTime: new Date("2026-01-01T00:00:00Z"),
        },
        { lifecycleEventName: "AfterAllowTraffic", status: "Pending" },
      ],
      lambdaFunctionInfo: {
        functionName: "shop",
        functionAlias: "live",
        currentVersion: "1",
        targetVersion: "2",
        targetVersionWeight: 10,
      },
    });
    await shop.clock.advance(1);
    expect((await shop.info(id)).status).toBe("Succeeded");
  });

  it("shifts as a configuration of one's own says", async () => {
    shop = await DeployedShop.start();
    await shop.client.send(
      new CreateDeploymentConfigCommand({
        deploymentConfigName: "slow",
        computePlatform: "Lambda",
        trafficRoutingConfig: {
          type: "TimeBasedLinear",
          timeBasedLinear: { linearPercentage: 33, linearInterval: 7 },
        },
      }),
    );
    await shop.deployed({}, { deploymentConfigName: "slow" });
    expect(shop.lambda.moves).toEqual([
      { atMinutes: 0, version: "1", weights: { "2": 0.33 } },
      { atMinutes: 7, version: "1", weights: { "2": 0.66 } },
      { atMinutes: 14, version: "1", weights: { "2": 0.99 } },
      { atMinutes: 21, version: "2", weights: {} },
    ]);
  });

  it("knows the revision of the one before that succeeded", async () => {
    shop = await DeployedShop.start();
    const first = await shop.deployed();
    const failed = await shop.deployed({ from: "1", to: "3" });
    const third = await shop.deployed({ from: "2", to: "3" });
    expect(first.previousRevision).toBeUndefined();
    expect(failed).toMatchObject({ status: "Failed", previousRevision: first.revision });
    expect(third).toMatchObject({ status: "Succeeded", previousRevision: first.revision });
  });
});
