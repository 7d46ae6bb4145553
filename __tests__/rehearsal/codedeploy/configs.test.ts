import {
  CreateDeploymentConfigCommand,
  DeleteDeploymentConfigCommand,
  GetDeploymentConfigCommand,
  ListDeploymentConfigsCommand,
  type TrafficRoutingConfig,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import { DeployedShop } from "./deployed-shop";
import { expectRefusals } from "./expect-refusals";

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("deployment configurations", () => {
  const create = (trafficRoutingConfig?: TrafficRoutingConfig, more: object = {}) =>
    new CreateDeploymentConfigCommand({
      deploymentConfigName: "slow",
      computePlatform: "Lambda",
      trafficRoutingConfig,
      ...more,
    });
  const canary = (canaryPercentage?: number, canaryInterval?: number) =>
    create({ type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage, canaryInterval } });
  const linear = (linearPercentage?: number, linearInterval?: number) =>
    create({ type: "TimeBasedLinear", timeBasedLinear: { linearPercentage, linearInterval } });

  it("are made, told and deleted", async () => {
    const { client } = shop;
    const { deploymentConfigId } = await client.send(canary(5, 20));
    const name = { deploymentConfigName: "slow" };
    expect((await client.send(new GetDeploymentConfigCommand(name))).deploymentConfigInfo).toEqual({
      deploymentConfigId,
      deploymentConfigName: "slow",
      computePlatform: "Lambda",
      trafficRoutingConfig: {
        type: "TimeBasedCanary",
        timeBasedCanary: { canaryPercentage: 5, canaryInterval: 20 },
      },
      createTime: new Date("2026-01-01T00:00:00Z"),
    });
    const listed = (await client.send(new ListDeploymentConfigsCommand({}))).deploymentConfigsList;
    expect(listed).toContain("slow");
    expect(listed).toContain("CodeDeployDefault.LambdaLinear10PercentEvery1Minute");
    await client.send(new DeleteDeploymentConfigCommand(name));
    await expect(client.send(new GetDeploymentConfigCommand(name))).rejects.toMatchObject({
      name: "DeploymentConfigDoesNotExistException",
    });
  });

  it.each([
    ["1 percent for 48 hours", canary(1, 2880)],
    ["99 percent", canary(99, 1)],
    ["a linear one of 48 hours", linear(50, 2880)],
    ["all at once", create({ type: "AllAtOnce" })],
  ])("may be of %s", async (_, command) => {
    await shop.client.send(command);
  });

  it("are not deleted while a group uses them", async () => {
    await shop.client.send(canary(5, 20));
    await shop.client.send(
      new UpdateDeploymentGroupCommand({
        applicationName: "shop",
        currentDeploymentGroupName: "shop-dev",
        deploymentConfigName: "slow",
      }),
    );
    await expect(
      shop.client.send(new DeleteDeploymentConfigCommand({ deploymentConfigName: "slow" })),
    ).rejects.toMatchObject({ name: "DeploymentConfigInUseException" });
  });

  expectRefusals(
    () => shop.client,
    [
      ["InvalidTrafficRoutingConfigurationException", "0 percent", canary(0, 5)],
      ["InvalidTrafficRoutingConfigurationException", "100 percent", canary(100, 5)],
      ["InvalidTrafficRoutingConfigurationException", "a fraction of a percent", canary(2.5, 5)],
      ["InvalidTrafficRoutingConfigurationException", "no percent", canary(undefined, 5)],
      ["InvalidTrafficRoutingConfigurationException", "0 minutes", canary(10, 0)],
      ["InvalidTrafficRoutingConfigurationException", "more than 48 hours", canary(10, 2881)],
      ["InvalidTrafficRoutingConfigurationException", "a linear one of 0 percent", linear(0, 5)],
      ["InvalidTrafficRoutingConfigurationException", "a linear one of more than 48 hours", linear(10, 321)],
      ["InvalidTrafficRoutingConfigurationException", "no routing", create()],
      [
        "InvalidTrafficRoutingConfigurationException",
        "the settings of another type",
        create({ type: "TimeBasedCanary", timeBasedLinear: { linearPercentage: 10, linearInterval: 1 } }),
      ],
      [
        "InvalidMinimumHealthyHostValueException",
        "healthy hosts",
        create({ type: "AllAtOnce" }, { minimumHealthyHosts: { type: "HOST_COUNT", value: 1 } }),
      ],
      [
        "InvalidDeploymentConfigNameException",
        "a name like AWS's",
        create({ type: "AllAtOnce" }, { deploymentConfigName: "CodeDeployDefault.Mine" }),
      ],
      [
        "DeploymentConfigNameRequiredException",
        "no name",
        create({ type: "AllAtOnce" }, { deploymentConfigName: "" }),
      ],
      [
        "InvalidComputePlatformException",
        "servers",
        create({ type: "AllAtOnce" }, { computePlatform: "Server" }),
      ],
      [
        "InvalidOperationException",
        "deleting AWS's",
        new DeleteDeploymentConfigCommand({ deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce" }),
      ],
    ],
  );
});
