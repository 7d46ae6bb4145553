import { predefinedConfigs } from "../../../src/rehearsal/codedeploy/predefined-configs";
import { scheduleOf } from "../../../src/rehearsal/codedeploy/schedule";
import { blueGreen, DeployedWeb, minute, production, test } from "./deployed-web";

const ecsConfigs = predefinedConfigs.filter(({ computePlatform }) => computePlatform === "ECS");
const canary = { deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes" };

let web: DeployedWeb;
afterEach(() => web.close());

describe("an ECS deployment", () => {
  it.each(ecsConfigs)("shifts production's traffic as $deploymentConfigName says", async (config) => {
    web = await DeployedWeb.start();
    const { deploymentConfigName } = config;
    const info = await web.deployed({}, { deploymentConfigName });
    expect(info).toMatchObject({ status: "Succeeded", deploymentConfigName, computePlatform: "ECS" });
    const moves = web.loadBalancer.moves.filter(({ rule }) => rule === production);
    expect(moves).toEqual(
      scheduleOf(config.trafficRoutingConfig).map(({ atMinutes, percent }) => ({
        atMinutes,
        rule: production,
        weights: percent === 100 ? { two: 1 } : { one: 100 - percent, two: percent },
      })),
    );
  });

  it("puts the new task set in place of the old one, which it deletes", async () => {
    web = await DeployedWeb.start();
    const id = await web.deploy({}, canary);
    await web.clock.advance(minute);
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one", "ACTIVE web:2 two"]);
    await web.clock.advance(5 * minute);
    expect(web.ecs.running).toEqual(["PRIMARY web:2 two"]);
    expect(web.ecs.taskSets[0]?.externalId).toBe(id);
  });

  it("goes the other way round the next time", async () => {
    web = await DeployedWeb.start(canary);
    await web.deployed();
    const next = await web.deployed({ taskDefinition: "web:3" });
    expect(next).toMatchObject({ status: "Succeeded", previousRevision: { revisionType: "AppSpecContent" } });
    expect(web.ecs.running).toEqual(["PRIMARY web:3 one"]);
    expect(web.loadBalancer.weightsOf(production)).toEqual({ one: 1 });
    expect(web.loadBalancer.weightsOf(test)).toEqual({ one: 1 });
    expect((await web.target(next.deploymentId)).taskSetsInfo).toMatchObject([
      { taskSetLabel: "Blue", targetGroup: { name: "two" } },
      { taskSetLabel: "Green", targetGroup: { name: "one" } },
    ]);
  });

  it("sends test traffic to the new task set before any other", async () => {
    web = await DeployedWeb.start();
    await web.deployed();
    expect(web.loadBalancer.moves.map(({ rule }) => rule)).toEqual([test, production]);
    expect(web.loadBalancer.weightsOf(test)).toEqual({ two: 1 });
  });

  it("waits until the new task set is steady", async () => {
    web = await DeployedWeb.start();
    web.ecs.startsForMs = 20 * minute;
    const id = await web.deploy();
    await web.clock.advance(19 * minute);
    expect(web.loadBalancer.moves).toEqual([]);
    expect((await web.target(id)).taskSetsInfo?.[1]).toMatchObject({ pendingCount: 2, runningCount: 0 });
    await web.clock.advance(minute);
    expect((await web.info(id)).status).toBe("Succeeded");
  });

  it("moves each rule of a listener that forwards to the pair, and no other", async () => {
    web = await DeployedWeb.start();
    web.loadBalancer.rules.push(
      { arn: "path", listener: production, weights: { one: 1 } },
      { arn: "health", listener: production },
      { arn: "away", listener: production, weights: { three: 1 } },
    );
    await web.deployed({}, canary);
    const moved = web.loadBalancer.moves.filter(({ rule }) => rule !== test);
    expect(moved.map(({ rule, weights }) => [rule, weights])).toEqual([
      [production, { one: 90, two: 10 }],
      ["path", { one: 90, two: 10 }],
      [production, { two: 1 }],
      ["path", { two: 1 }],
    ]);
  });

  it("leaves users at their target group where a rule did so before", async () => {
    web = await DeployedWeb.start();
    const [rule] = web.loadBalancer.rules;
    Object.assign(rule ?? {}, { sticky: true });
    await web.deployed({}, canary);
    expect(rule).toMatchObject({ arn: production, weights: { two: 100 }, sticky: true });
  });

  it("has the new task set run as the old one does, but for what the AppSpec says", async () => {
    web = await DeployedWeb.start();
    const NetworkConfiguration = {
      AwsvpcConfiguration: { Subnets: ["subnet-1"], AssignPublicIp: "ENABLED" },
    };
    await web.deployed({ properties: { NetworkConfiguration } });
    expect(web.ecs.taskSets).toMatchObject([
      {
        launchType: "FARGATE",
        platformVersion: "1.4.0",
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], assignPublicIp: "ENABLED" } },
      },
    ]);
    const CapacityProviderStrategy = [{ Base: 1, CapacityProvider: "FARGATE_SPOT", Weight: 2 }];
    await web.deployed({ properties: { CapacityProviderStrategy, PlatformVersion: "LATEST" } });
    expect(web.ecs.taskSets[0]).toMatchObject({
      capacityProviderStrategy: [{ base: 1, capacityProvider: "FARGATE_SPOT", weight: 2 }],
      platformVersion: "LATEST",
    });
    expect(web.ecs.taskSets[0]?.launchType).toBeUndefined();
  });

  it("needs no test listener", async () => {
    const pair = {
      targetGroups: [{ name: "two" }, { name: "one" }],
      prodTrafficRoute: { listenerArns: [production] },
    };
    web = await DeployedWeb.start({ loadBalancerInfo: { targetGroupPairInfoList: [pair] } });
    expect((await web.deployed()).status).toBe("Succeeded");
    expect(web.loadBalancer.moves.map(({ rule }) => rule)).toEqual([production]);
  });

  it("tells its task sets and its lifecycle events", async () => {
    web = await DeployedWeb.start({ blueGreenDeploymentConfiguration: blueGreen({ terminate: 60 }) });
    const id = await web.deploy({}, canary);
    await web.clock.advance(minute);
    const target = await web.target(id);
    expect(target).toMatchObject({
      deploymentId: id,
      targetId: "main:web",
      targetArn: "arn:aws:ecs:eu-central-1:123456789012:service/main/web",
      status: "InProgress",
    });
    expect(target.taskSetsInfo).toEqual([
      {
        identifer: "ecs-svc/1",
        desiredCount: 2,
        pendingCount: 0,
        runningCount: 2,
        status: "PRIMARY",
        trafficWeight: 90,
        targetGroup: { name: "one" },
        taskSetLabel: "Blue",
      },
      {
        identifer: "ecs-svc/2",
        desiredCount: 2,
        pendingCount: 0,
        runningCount: 2,
        status: "ACTIVE",
        trafficWeight: 10,
        targetGroup: { name: "two" },
        taskSetLabel: "Green",
      },
    ]);
    expect(await web.events(id)).toEqual([
      "BeforeInstall Succeeded",
      "Install Succeeded",
      "AfterInstall Succeeded",
      "AllowTestTraffic Succeeded",
      "AfterAllowTestTraffic Succeeded",
      "BeforeAllowTraffic Succeeded",
      "AllowTraffic InProgress",
      "AfterAllowTraffic Pending",
    ]);
    await web.clock.advance(2 * 60 * minute);
    expect((await web.target(id)).taskSetsInfo).toMatchObject([
      { status: "DRAINING", trafficWeight: 0, runningCount: 0 },
      { status: "PRIMARY", trafficWeight: 100, runningCount: 2 },
    ]);
  });
});
