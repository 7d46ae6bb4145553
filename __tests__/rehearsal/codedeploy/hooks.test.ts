import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { DeployedShop, minute } from "./deployed-shop";
import type { HookEvent } from "./fake-lambda";

const hooks = { BeforeAllowTraffic: "before", AfterAllowTraffic: "after" };
const canary = { deploymentConfigName: "CodeDeployDefault.LambdaCanary10Percent5Minutes" };
const rollsBackOnFailure = {
  autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] },
};

let shop: DeployedShop;
beforeEach(async () => {
  shop = await DeployedShop.start();
});
afterEach(() => shop.close());

describe("a hook", () => {
  it("runs before and after traffic is shifted, started by an event", async () => {
    const events: { name: string; event: HookEvent; moves: number }[] = [];
    for (const name of ["before", "after"]) {
      shop.lambda.functions.set(name, (event) => {
        events.push({ name, event, moves: shop.lambda.moves.length });
        return shop.tell(event, "Succeeded");
      });
    }
    const info = await shop.deployed({ hooks }, canary);
    expect(info.status).toBe("Succeeded");
    expect(shop.lambda.started).toEqual(["before Event", "after Event"]);
    expect(events).toEqual([
      { name: "before", moves: 0, event: eventOf(info) },
      { name: "after", moves: 2, event: eventOf(info) },
    ]);
    expect(new Set(events.map(({ event }) => event.LifecycleEventHookExecutionId)).size).toBe(2);
  });

  it("takes none of a virtual clock's time, however long it works", async () => {
    shop.lambda.functions.set("before", (event) => {
      setTimeout(() => shop.tell(event, "Succeeded"), 100);
    });
    const info = await shop.deployed({ hooks: { BeforeAllowTraffic: "before" } });
    expect(info.completeTime).toEqual(info.startTime);
  });

  it("fails the deployment before any traffic is shifted", async () => {
    shop.hook("before", "Failed");
    const info = await shop.deployed({ hooks }, canary);
    expect(info).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "HOOK_EXECUTION_FAILURE",
        message:
          "The deployment failed because one or more of the lifecycle event validation functions failed.",
      },
      deploymentOverview: { Failed: 1, Succeeded: 0 },
    });
    expect(info.rollbackInfo).toBeUndefined();
    expect(shop.lambda.moves).toEqual([]);
    expect(await shop.events(info.deploymentId)).toEqual([
      "BeforeAllowTraffic Failed",
      "AllowTraffic Skipped",
      "AfterAllowTraffic Skipped",
    ]);
  });

  it("fails the deployment after all traffic is shifted, which is then rolled back", async () => {
    shop.hook("before", "Succeeded");
    shop.hook("after", "Failed");
    const info = await shop.deployed({ hooks }, { ...canary, ...rollsBackOnFailure });
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code: "HOOK_EXECUTION_FAILURE" } });
    expect(shop.lambda.moves).toEqual([
      { atMinutes: 0, version: "1", weights: { "2": 0.1 } },
      { atMinutes: 5, version: "2", weights: {} },
      { atMinutes: 5, version: "1", weights: {} },
    ]);
    const back = await shop.info(info.rollbackInfo?.rollbackDeploymentId);
    expect(back).toMatchObject({
      status: "Succeeded",
      creator: "codeDeployRollback",
      deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce",
    });
    // The rollback runs no hooks.
    expect(shop.lambda.started).toEqual(["before Event", "after Event"]);
  });

  it("leaves the new version with all traffic where nothing is rolled back", async () => {
    shop.hook("after", "Failed");
    await shop.deployed({ hooks: { AfterAllowTraffic: "after" } });
    expect(shop.alias).toEqual({ version: "2", weights: {} });
  });

  it("fails the deployment when it has said nothing for an hour", async () => {
    shop.lambda.functions.set("before", () => {});
    const id = await shop.deploy({ hooks });
    await shop.clock.advance(60 * minute - 1);
    expect((await shop.info(id)).status).toBe("InProgress");
    await shop.clock.advance(1);
    expect(await shop.info(id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "HOOK_EXECUTION_FAILURE",
        message: expect.stringContaining("timed out while waiting for a status callback"),
      },
    });
  });

  it("may tell its result once, and not too late", async () => {
    const told: HookEvent[] = [];
    for (const name of ["before", "after"]) shop.lambda.functions.set(name, (event) => told.push(event));
    await shop.deploy({ hooks: { BeforeAllowTraffic: "before" } });
    await shop.clock.advance(minute);
    const [event] = told as [HookEvent];
    await shop.tell(event, "Succeeded");
    await expect(shop.tell(event, "Failed")).rejects.toMatchObject({
      name: "LifecycleEventAlreadyCompletedException",
    });
    await shop.clock.advance(minute);
    expect((await shop.info(event.DeploymentId)).status).toBe("Succeeded");

    const { deploymentId } = await shop.deployed({ from: "2", to: "3", hooks });
    const late = told.at(-1) as HookEvent;
    expect(late.DeploymentId).toBe(deploymentId);
    await expect(shop.tell(late, "Succeeded")).rejects.toMatchObject({
      name: "LifecycleEventAlreadyCompletedException",
    });
  });

  it("must name itself rightly, and succeed or fail", async () => {
    const told: HookEvent[] = [];
    shop.lambda.functions.set("before", (event) => told.push(event));
    await shop.deploy({ hooks });
    await shop.clock.advance(minute);
    const [event] = told as [HookEvent];
    await expect(shop.tell(event, "Skipped")).rejects.toMatchObject({
      name: "InvalidLifecycleEventHookExecutionStatusException",
    });
    const other = { ...event, LifecycleEventHookExecutionId: "another" };
    await expect(shop.tell(other, "Succeeded")).rejects.toMatchObject({
      name: "InvalidLifecycleEventHookExecutionIdException",
    });
    const nowhere = { ...event, DeploymentId: "d-ABCDEFGHI" };
    await expect(shop.tell(nowhere, "Succeeded")).rejects.toMatchObject({
      name: "DeploymentDoesNotExistException",
    });
    await shop.tell(event, "Failed");
  });

  it("fails the deployment when there is no such function", async () => {
    const info = await shop.deployed({ hooks: { BeforeAllowTraffic: "nobody" } });
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code: "INVALID_LAMBDA_FUNCTION" } });
    expect(info.errorInformation?.message).toContain("Function not found: nobody");
  });
});

function eventOf({ deploymentId }: DeploymentInfo) {
  return { DeploymentId: deploymentId, LifecycleEventHookExecutionId: expect.stringMatching(/.+/) };
}
