import {
  CreateDeploymentCommand,
  CreateDeploymentConfigCommand,
  type CreateDeploymentGroupCommandInput,
  GetDeploymentGroupCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import {
  appSpecOf,
  blueGreen,
  DeployedWeb,
  groupOf,
  minute,
  production,
  settings,
  targetGroupPair,
  test,
} from "./deployed-web";
import { expectRefusals } from "./expect-refusals";
import { revisionOf } from "./local-codedeploy";

const names = { applicationName: "web", deploymentGroupName: "web-dev" };
const rollsBack = { autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] } };

let web: DeployedWeb;
beforeEach(async () => {
  web = await DeployedWeb.start(rollsBack);
});
afterEach(() => web.close());

describe("a deployment group for ECS", () => {
  const group = (change: Partial<CreateDeploymentGroupCommandInput>) =>
    groupOf({
      deploymentGroupName: "another",
      ecsServices: [{ serviceName: "another" }],
      ...change,
    });
  const paired = (change: object) =>
    group({ loadBalancerInfo: { targetGroupPairInfoList: [{ ...targetGroupPair, ...change }] } });
  const ready = (deploymentReadyOption: object) =>
    group({
      blueGreenDeploymentConfiguration: { ...blueGreen({}), deploymentReadyOption },
    });
  const terminate = (terminateBlueInstancesOnDeploymentSuccess: object) =>
    group({
      blueGreenDeploymentConfiguration: { ...blueGreen({}), terminateBlueInstancesOnDeploymentSuccess },
    });

  it("is told as it was made, and keeps what an update does not give", async () => {
    await web.client.send(
      new UpdateDeploymentGroupCommand({
        applicationName: "web",
        currentDeploymentGroupName: "web-dev",
        deploymentConfigName: "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
      }),
    );
    const { deploymentGroupInfo } = await web.client.send(new GetDeploymentGroupCommand(names));
    expect(deploymentGroupInfo).toMatchObject({
      ...settings,
      computePlatform: "ECS",
      deploymentConfigName: "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
    });
  });

  it.each([
    [
      "the longest waits",
      group({ blueGreenDeploymentConfiguration: blueGreen({ ready: 7200, terminate: 2880 }) }),
    ],
    ["a network load balancer, all at once", paired({ prodTrafficRoute: routeTo("net/web/1/80") })],
  ])("may have %s", async (_, command) => {
    await web.client.send(command);
  });

  it("may shift as a configuration of one's own says", async () => {
    await web.client.send(
      new CreateDeploymentConfigCommand({
        deploymentConfigName: "careful",
        computePlatform: "ECS",
        trafficRoutingConfig: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 1, canaryInterval: 30 },
        },
      }),
    );
    await web.deployed({}, { deploymentConfigName: "careful" });
    expect(web.loadBalancer.moves.slice(1)).toEqual([
      { atMinutes: 0, rule: production, weights: { one: 99, two: 1 } },
      { atMinutes: 30, rule: production, weights: { two: 1 } },
    ]);
  });

  expectRefusals(
    () => web.client,
    [
      ["InvalidECSServiceException", "no service", group({ ecsServices: [] })],
      ["InvalidECSServiceException", "a service without a name", group({ ecsServices: [{}] })],
      [
        "ECSServiceMappingLimitExceededException",
        "another group's service",
        group({ ecsServices: settings.ecsServices }),
      ],
      ["InvalidLoadBalancerInfoException", "no load balancer", group({ loadBalancerInfo: undefined })],
      [
        "InvalidLoadBalancerInfoException",
        "a classic load balancer",
        group({ loadBalancerInfo: { ...settings.loadBalancerInfo, elbInfoList: [{ name: "old" }] } }),
      ],
      ["InvalidTargetGroupPairException", "one target group", paired({ targetGroups: [{ name: "one" }] })],
      [
        "InvalidTargetGroupPairException",
        "one target group twice",
        paired({ targetGroups: [{ name: "one" }, { name: "one" }] }),
      ],
      ["InvalidTargetGroupPairException", "no listener", paired({ prodTrafficRoute: undefined })],
      [
        "InvalidTargetGroupPairException",
        "two listeners",
        paired({ prodTrafficRoute: { listenerArns: [production, test] } }),
      ],
      [
        "InvalidTargetGroupPairException",
        "a listener that is none",
        paired({ testTrafficRoute: { listenerArns: ["8080"] } }),
      ],
      [
        "InvalidTargetGroupPairException",
        "test traffic at production's listener",
        paired({ testTrafficRoute: { listenerArns: [production] } }),
      ],
      [
        "InvalidTrafficRoutingConfigurationException",
        "a canary at a network load balancer",
        groupOf({
          ...paired({ prodTrafficRoute: routeTo("net/web/1/80") }).input,
          deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
        }),
      ],
      [
        "InvalidDeploymentConfigNameException",
        "a configuration for Lambda",
        group({ deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce" }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "nothing said of blue and green",
        group({ blueGreenDeploymentConfiguration: undefined }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "keeping blue",
        terminate({ action: "KEEP_ALIVE" }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "keeping blue for more than 48 hours",
        terminate({ action: "TERMINATE", terminationWaitTimeInMinutes: 2881 }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "a wait for nobody",
        ready({ actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 5 }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "a wait of no time",
        ready({ actionOnTimeout: "STOP_DEPLOYMENT" }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "a wait of more than 120 hours",
        ready({ actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 7201 }),
      ],
      [
        "InvalidBlueGreenDeploymentConfigurationException",
        "another action",
        ready({ actionOnTimeout: "WAIT" }),
      ],
    ],
  );
});

describe("an AppSpec for ECS", () => {
  const create = (appSpec: object) =>
    new CreateDeploymentCommand({ ...names, revision: revisionOf(appSpec) });
  const properties = (change: object) => create(appSpecOf({ properties: change }));

  expectRefusals(
    () => web.client,
    [
      ["InvalidRevisionException", "no task definition", properties({ TaskDefinition: "" })],
      ["InvalidRevisionException", "no container", properties({ LoadBalancerInfo: undefined })],
      [
        "InvalidRevisionException",
        "no port",
        properties({ LoadBalancerInfo: { ContainerName: "web", ContainerPort: "http" } }),
      ],
      [
        "InvalidRevisionException",
        "a network without a VPC",
        properties({ NetworkConfiguration: { Subnets: ["subnet-1"] } }),
      ],
      [
        "InvalidRevisionException",
        "a strategy that is no list",
        properties({ CapacityProviderStrategy: { CapacityProvider: "FARGATE" } }),
      ],
      [
        "InvalidRevisionException",
        "a function of Lambda",
        create({ version: 0.0, Resources: [{ web: { Type: "AWS::Lambda::Function", Properties: {} } }] }),
      ],
      [
        "InvalidRevisionException",
        "an event that is no hook",
        create(appSpecOf({ hooks: { AllowTraffic: "check" } })),
      ],
    ],
  );

  it("has no hook after test traffic where there is no test listener", async () => {
    const { targetGroups, prodTrafficRoute } = targetGroupPair;
    const loadBalancerInfo = { targetGroupPairInfoList: [{ targetGroups, prodTrafficRoute }] };
    await web.client.send(
      new UpdateDeploymentGroupCommand({
        applicationName: "web",
        currentDeploymentGroupName: "web-dev",
        loadBalancerInfo,
      }),
    );
    await expect(web.deploy({ hooks: { AfterAllowTestTraffic: "check" } })).rejects.toMatchObject({
      name: "InvalidRevisionException",
    });
  });
});

describe("an ECS deployment fails", () => {
  const rows: [what: string, code: string, message: string, change: () => unknown][] = [
    [
      "where another controller deploys the service",
      "INVALID_ECS_SERVICE",
      "must be configured for a CODE_DEPLOY deployment controller",
      () => {
        web.ecs.controller = "ECS";
      },
    ],
    [
      "where the service has no primary task set",
      "INVALID_ECS_SERVICE",
      "has no task set with the status PRIMARY",
      () => web.ecs.taskSets.splice(0),
    ],
    [
      "where production's listener sends nothing to the primary task set",
      "ELASTIC_LOAD_BALANCING_INVALID",
      `Primary taskset target group must be behind listener ${production}`,
      () =>
        web.loadBalancer.rules.splice(0, 1, { arn: production, listener: production, weights: { two: 1 } }),
    ],
    [
      "where one of its rules does not",
      "ELASTIC_LOAD_BALANCING_INVALID",
      "Primary taskset target group must be behind listener",
      () => web.loadBalancer.rules.push({ arn: "path", listener: production, weights: { two: 1 } }),
    ],
    [
      "where ECS takes no task set",
      "ECS_UPDATE_ERROR",
      "The ECS service cannot be updated due to an unexpected error: no (ClientException)",
      () => {
        web.ecs.refusals = { CreateTaskSet: "ClientException" };
      },
    ],
    [
      "where it may not",
      "IAM_ROLE_PERMISSIONS",
      "AccessDeniedException",
      () => {
        web.ecs.refusals = { CreateTaskSet: "com.amazonaws#AccessDeniedException" };
      },
    ],
    ["where nobody answers for ECS", "ECS_UPDATE_ERROR", "ECS does not answer", () => web.ecs.close()],
  ];

  it.each(rows)("%s, and changes nothing", async (_, code, message, change) => {
    change();
    const info = await web.deployed();
    expect(info).toMatchObject({ status: "Failed", errorInformation: { code } });
    expect(info.errorInformation?.message).toContain(message);
    expect(info.rollbackInfo).toBeUndefined();
    expect(web.loadBalancer.moves).toEqual([]);
  });

  it("where the load balancer refuses, and so does its rollback", async () => {
    web.loadBalancer.refusal = "RulesLimit";
    const info = await web.deployed();
    const errorInformation = {
      code: "ELASTIC_LOAD_BALANCING_INVALID",
      message: "The ELB could not be updated due to the following error: no & no",
    };
    expect(info).toMatchObject({ status: "Failed", errorInformation });
    const back = await web.info(info.rollbackInfo?.rollbackDeploymentId);
    expect(back).toMatchObject({ status: "Failed", errorInformation });
    expect(back.rollbackInfo).toMatchObject({ rollbackTriggeringDeploymentId: info.deploymentId });
  });

  it("where its task set does not get steady within an hour, which is rolled back", async () => {
    web.ecs.startsForMs = 61 * minute;
    const info = await web.deployed();
    expect(info).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "TIMEOUT",
        message:
          "The deployment timed out while waiting for the replacement task set to become healthy. This time out " +
          "period is 60 minutes.",
      },
      completeTime: new Date("2026-01-01T01:00:00Z"),
    });
    expect(web.ecs.running).toEqual(["PRIMARY web:1 one"]);
  });
});

function routeTo(listener: string) {
  return { listenerArns: [`arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/${listener}`] };
}
