import { blueGreen, DeployedWeb, minute, production, test } from "./deployed-web";

const rollsBack = { autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] } };
const waits = (given: Parameters<typeof blueGreen>[0]) => ({
  blueGreenDeploymentConfiguration: blueGreen(given),
});

let web: DeployedWeb;
afterEach(() => web.close());

describe("a deployment that waits before it shifts traffic", () => {
  it("is ready when test traffic is there, and goes on when it is continued", async () => {
    web = await DeployedWeb.start(waits({ ready: 60 }));
    const id = await web.deploy();
    await web.clock.advance(59 * minute);
    expect(await web.info(id)).toMatchObject({
      status: "Ready",
      deploymentOverview: { Ready: 1, Succeeded: 0, InProgress: 0 },
      instanceTerminationWaitTimeStarted: false,
    });
    expect((await web.target(id)).status).toBe("Ready");
    expect(web.loadBalancer.moves.map(({ rule }) => rule)).toEqual([test]);
    await web.continue(id, "READY_WAIT");
    await web.clock.advance(0);
    expect(await web.info(id)).toMatchObject({
      status: "Succeeded",
      completeTime: new Date("2026-01-01T00:59:00Z"),
    });
    expect(web.loadBalancer.weightsOf(production)).toEqual({ two: 1 });
  });

  it("stops when nobody continues it, and leaves all as it is", async () => {
    web = await DeployedWeb.start(waits({ ready: 60 }));
    const info = await web.deployed();
    expect(info).toMatchObject({
      status: "Stopped",
      errorInformation: {
        code: "TIMEOUT",
        message:
          "The deployment timed out while waiting for a notification to continue. This time out period is 60 minutes.",
      },
      completeTime: new Date("2026-01-01T01:00:00Z"),
    });
    expect(info.rollbackInfo).toBeUndefined();
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one", "ACTIVE web:2 two"]);
    expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 1 });
  });

  it("is rolled back then, where its group rolls back what fails", async () => {
    web = await DeployedWeb.start({ ...waits({ ready: 60 }), ...rollsBack });
    const { rollbackInfo } = await web.deployed();
    expect((await web.info(rollbackInfo?.rollbackDeploymentId)).status).toBe("Succeeded");
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one"]);
    expect(web.loadBalancer.weightsOf(test)).toEqual({ one: 1 });
  });

  it("goes on by itself where its group says so", async () => {
    web = await DeployedWeb.start();
    const info = await web.deployed({}, {}, 0);
    expect(info.status).toBe("Succeeded");
  });
});

describe("a deployment whose old task set is kept for a while", () => {
  it("is in progress until that is over", async () => {
    web = await DeployedWeb.start(waits({ terminate: 48 * 60 }));
    const id = await web.deploy();
    await web.clock.advance(48 * 60 * minute - 1);
    expect(await web.info(id)).toMatchObject({
      status: "InProgress",
      instanceTerminationWaitTimeStarted: true,
    });
    expect(web.ecs.running).toEqual(["ACTIVE web:1 one", "PRIMARY web:2 two"]);
    await web.clock.advance(1);
    expect(await web.info(id)).toMatchObject({
      status: "Succeeded",
      instanceTerminationWaitTimeStarted: true,
    });
    expect(web.ecs.running).toEqual(["PRIMARY web:2 two"]);
  });

  it("ends when it is continued", async () => {
    web = await DeployedWeb.start(waits({ terminate: 60 }));
    const id = await web.deploy();
    await web.clock.advance(minute);
    await web.continue(id, "TERMINATION_WAIT");
    await web.clock.advance(0);
    expect((await web.info(id)).completeTime).toEqual(new Date("2026-01-01T00:01:00Z"));
    expect(web.ecs.running).toEqual(["PRIMARY web:2 two"]);
  });

  it("can be rolled back until then", async () => {
    web = await DeployedWeb.start(waits({ terminate: 60 }));
    const id = await web.deploy();
    await web.clock.advance(59 * minute);
    await web.stop(id, true);
    await web.clock.advance(0);
    expect(await web.info(id)).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "MANUAL_STOP" },
    });
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one"]);
    expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 1 });
  });
});

describe("continuing a deployment", () => {
  it("is refused for a wait that it is not in", async () => {
    web = await DeployedWeb.start(waits({ ready: 60, terminate: 60 }));
    const id = await web.deploy();
    await web.clock.advance(minute);
    const notReady = { name: "DeploymentIsNotInReadyStateException" };
    await expect(web.continue(id, "TERMINATION_WAIT")).rejects.toMatchObject(notReady);
    await web.continue(id);
    await web.clock.advance(minute);
    await expect(web.continue(id, "READY_WAIT")).rejects.toMatchObject(notReady);
    await web.continue(id, "TERMINATION_WAIT");
    await web.clock.advance(minute);
    await expect(web.continue(id, "TERMINATION_WAIT")).rejects.toMatchObject({
      name: "DeploymentAlreadyCompletedException",
    });
  });
});
