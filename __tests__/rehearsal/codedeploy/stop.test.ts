import { GetDeploymentGroupCommand, StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { DeployedShop, minute } from "./deployed-shop";

const canary = { deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" };
const onRequest = { enabled: true, events: ["DEPLOYMENT_STOP_ON_REQUEST" as const] };

let shop: DeployedShop;
afterEach(() => shop.close());

function stop(deploymentId: string, autoRollbackEnabled?: boolean) {
  return shop.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));
}

describe("stopping a deployment", () => {
  it("leaves the weights, and every later deployment fails until they are taken away", async () => {
    shop = await DeployedShop.start(canary);
    const id = await shop.deploy();
    await shop.clock.advance(minute);
    expect(await stop(id)).toMatchObject({ status: "Succeeded" });
    await shop.clock.advance(10 * minute);
    expect(await shop.info(id)).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "MANUAL_STOP" },
      completeTime: new Date("2026-01-01T00:01:00Z"),
    });
    expect(shop.alias).toEqual({ version: "1", weights: { "2": 0.1 } });

    const next = await shop.deployed();
    expect(next).toMatchObject({
      status: "Failed",
      errorInformation: { code: "INVALID_LAMBDA_CONFIGURATION" },
    });
    shop.lambda.aliases.set("shop:live", { version: "1", weights: {} });
    expect((await shop.deployed()).status).toBe("Succeeded");
  });

  it.each([
    ["its user asks for it", {}, true],
    ["its group says so", { autoRollbackConfiguration: onRequest }, undefined],
    ["its user asks for it and its group does too", { autoRollbackConfiguration: onRequest }, true],
  ])("rolls it back where %s", async (_, group, asked) => {
    shop = await DeployedShop.start({ ...canary, ...group });
    const id = await shop.deploy();
    await shop.clock.advance(minute);
    await stop(id, asked);
    const { rollbackInfo, status } = await shop.info(id);
    expect(status).toBe("Stopped");
    await shop.clock.advance(0);
    expect((await shop.info(rollbackInfo?.rollbackDeploymentId)).status).toBe("Succeeded");
    expect(shop.alias).toEqual({ version: "1", weights: {} });
  });

  it("does not roll it back where its user says no", async () => {
    shop = await DeployedShop.start({ ...canary, autoRollbackConfiguration: onRequest });
    const id = await shop.deploy();
    await shop.clock.advance(minute);
    await stop(id, false);
    expect((await shop.info(id)).rollbackInfo).toBeUndefined();
    expect(shop.alias).toEqual({ version: "1", weights: { "2": 0.1 } });
  });

  it("ends the wait for a hook", async () => {
    shop = await DeployedShop.start();
    shop.lambda.functions.set("before", () => {});
    const id = await shop.deploy({ hooks: { BeforeAllowTraffic: "before" } });
    await shop.clock.advance(minute);
    await stop(id);
    expect((await shop.info(id)).status).toBe("Stopped");
  });

  it("is done once: again it is as it was, and what has ended otherwise is refused", async () => {
    shop = await DeployedShop.start(canary);
    const id = await shop.deploy();
    await shop.clock.advance(minute);
    await stop(id, true);
    await shop.clock.advance(minute);
    expect(await stop(id, true)).toMatchObject({ status: "Succeeded" });
    const { deploymentId } = await shop.deployed();
    await expect(stop(deploymentId as string)).rejects.toMatchObject({
      name: "DeploymentAlreadyCompletedException",
    });
  });

  it("is what the group tells of its last attempt", async () => {
    shop = await DeployedShop.start(canary);
    const { deploymentId: good } = await shop.deployed();
    const bad = await shop.deploy({ from: "2", to: "3" });
    await shop.clock.advance(minute);
    await stop(bad);
    const { deploymentGroupInfo } = await shop.client.send(
      new GetDeploymentGroupCommand({ applicationName: "shop", deploymentGroupName: "shop-dev" }),
    );
    expect(deploymentGroupInfo).toMatchObject({
      lastAttemptedDeployment: { deploymentId: bad, status: "Stopped" },
      lastSuccessfulDeployment: { deploymentId: good, status: "Succeeded" },
    });
  });
});
