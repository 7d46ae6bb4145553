import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { blueGreen, DeployedWeb, minute, production, test } from "./deployed-web";

const canary = { deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes" };
const rollsBack = {
  autoRollbackConfiguration: {
    enabled: true,
    events: ["DEPLOYMENT_FAILURE" as const, "DEPLOYMENT_STOP_ON_ALARM" as const],
  },
};
const alarmConfiguration = { enabled: true, alarms: [{ name: "errors" }] };
const hookNames = [
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
];
const hooks = Object.fromEntries(hookNames.map((name) => [name, name]));

let web: DeployedWeb;
afterEach(() => web.close());

/** Nothing of the deployment is left. */
async function expectRolledBack(info: DeploymentInfo): Promise<void> {
  const id = info.rollbackInfo?.rollbackDeploymentId;
  expect(await web.info(id)).toMatchObject({
    status: "Succeeded",
    creator: "codeDeployRollback",
    deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
    rollbackInfo: { rollbackTriggeringDeploymentId: info.deploymentId },
  });
  expect(web.ecs.running).toEqual(["PRIMARY web:1 one"]);
  expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 1 });
  expect(web.loadBalancer.weightsOf(test)).toEqual({ one: 1 });
  expect((await web.target(id)).taskSetsInfo).toMatchObject([
    { taskSetLabel: "Blue", trafficWeight: 100, status: "PRIMARY" },
    { taskSetLabel: "Green", trafficWeight: 0, status: "DRAINING" },
  ]);
}

describe("hooks of an ECS deployment", () => {
  it("run in their order, each at its event", async () => {
    web = await DeployedWeb.start(canary);
    const seen: string[] = [];
    for (const name of hookNames) {
      web.lambda.functions.set(name, (event) => {
        const { length: taskSets } = web.ecs.taskSets;
        seen.push(`${name}: ${taskSets} task sets, ${web.loadBalancer.moves.length} moves`);
        return web.tell(event, "Succeeded");
      });
    }
    expect((await web.deployed({ hooks })).status).toBe("Succeeded");
    expect(seen).toEqual([
      "BeforeInstall: 1 task sets, 0 moves",
      "AfterInstall: 2 task sets, 0 moves",
      "AfterAllowTestTraffic: 2 task sets, 1 moves",
      "BeforeAllowTraffic: 2 task sets, 1 moves",
      "AfterAllowTraffic: 2 task sets, 3 moves",
    ]);
  });

  it.each(hookNames)("fail the deployment at %s", async (failing) => {
    web = await DeployedWeb.start({ ...canary, ...rollsBack });
    for (const name of hookNames) web.hook(name, name === failing ? "Failed" : "Succeeded");
    const info = await web.deployed({ hooks });
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code: "HOOK_EXECUTION_FAILURE" } });
    const events = await web.events(info.deploymentId);
    expect(events).toContain(`${failing} Failed`);
    expect(events.filter((event) => event.endsWith("Failed"))).toHaveLength(1);
    expect(web.lambda.started).toHaveLength(hookNames.indexOf(failing) + 1);
    if (failing === "BeforeInstall") {
      // There is nothing to roll back yet.
      expect(info.rollbackInfo).toBeUndefined();
      expect(web.ecs.running).toEqual(["PRIMARY web:1 one"]);
    } else await expectRolledBack(info);
  });

  it("leave everything as it is where nothing is rolled back", async () => {
    web = await DeployedWeb.start(canary);
    web.hook("AfterAllowTraffic", "Failed");
    await web.deployed({ hooks: { AfterAllowTraffic: "AfterAllowTraffic" } });
    expect(web.ecs.running).toEqual(["ACTIVE web:1 one", "PRIMARY web:2 two"]);
    expect(web.loadBalancer.weightsOf(production)).toEqual({ two: 1 });
  });
});

describe("an ECS deployment", () => {
  it.each([
    ["while a hook works", 0],
    ["while traffic is shifted", 10],
    ["while the old task set is kept", 20],
  ])("is stopped and rolled back %s", async (_, minutes) => {
    web = await DeployedWeb.start({
      ...canary,
      blueGreenDeploymentConfiguration: blueGreen({ terminate: 60 }),
    });
    web.lambda.functions.set("check", (event) => minutes > 0 && web.tell(event, "Succeeded"));
    const id = await web.deploy({ hooks: { AfterAllowTestTraffic: "check" } });
    await web.clock.advance(minutes * minute);
    expect(await web.stop(id, true)).toMatchObject({ status: "Succeeded" });
    await web.clock.advance(minute);
    const info = await web.info(id);
    expect(info).toMatchObject({ status: "Stopped", errorInformation: { code: "MANUAL_STOP" } });
    await expectRolledBack(info);
  });

  it.each([
    ["while traffic is shifted", 10],
    ["while the old task set is kept", 20],
  ])("is rolled back by an alarm %s", async (_, minutes) => {
    const blueGreenDeploymentConfiguration = blueGreen({ terminate: 60 });
    web = await DeployedWeb.start({
      ...canary,
      ...rollsBack,
      blueGreenDeploymentConfiguration,
      alarmConfiguration,
    });
    const id = await web.deploy();
    await web.clock.advance(minutes * minute);
    web.alarms.set("errors", "ALARM");
    await web.clock.advance(minute);
    const info = await web.info(id);
    expect(info).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
    await expectRolledBack(info);
  });

  it("that was stopped without a rollback gives way to the next one", async () => {
    web = await DeployedWeb.start(canary);
    const id = await web.deploy();
    await web.clock.advance(minute);
    await web.stop(id);
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one", "ACTIVE web:2 two"]);
    expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 90, two: 10 });
    web.lambda.functions.set("look", (event) => {
      expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 1 });
      return web.tell(event, "Succeeded");
    });
    const next = await web.deployed({ taskDefinition: "web:3", hooks: { AfterInstall: "look" } });
    expect(next.status).toBe("Succeeded");
    expect(web.ecs.running).toEqual(["PRIMARY web:3 two"]);
  });

  it("that was rolled back tells the revision that is there again", async () => {
    web = await DeployedWeb.start({ ...canary, ...rollsBack });
    web.hook("check", "Failed");
    const { rollbackInfo } = await web.deployed({ hooks: { AfterAllowTraffic: "check" } });
    const next = await web.deployed({ taskDefinition: "web:3" });
    expect(next.previousRevision).toEqual((await web.info(rollbackInfo?.rollbackDeploymentId)).revision);
    expect(web.ecs.running).toEqual(["PRIMARY web:3 two"]);
  });
});
