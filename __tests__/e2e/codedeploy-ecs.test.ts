import {
  type CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { EcsEndpoint } from "../../src/rehearsal/codedeploy/ecs/ecs-endpoint";
import { LoadBalancerEndpoint } from "../../src/rehearsal/codedeploy/ecs/load-balancer-endpoint";
import { VirtualClock } from "../../src/rehearsal/codedeploy/virtual-clock";
import { blueGreen } from "../rehearsal/codedeploy/deployed-web";
import {
  clientOf,
  minute,
  region,
  revisionOf,
  serviceRoleArn,
} from "../rehearsal/codedeploy/local-codedeploy";
import { EcsService } from "./ecs-service";
import type { LocalAws } from "./local-aws";
import { startLocalEcs } from "./local-ecs";

jest.setTimeout(300_000);

const names = { applicationName: "web", deploymentGroupName: "web-dev" };
const clock = new VirtualClock();
let aws: LocalAws;
let service: EcsService;
let codeDeploy: CodeDeploy;
let client: CodeDeployClient;

beforeAll(async () => {
  aws = await startLocalEcs();
  service = await EcsService.create(aws.endpoint);
  codeDeploy = new CodeDeploy({
    ecs: new EcsEndpoint(aws.endpoint, region),
    loadBalancer: new LoadBalancerEndpoint(aws.endpoint, region),
    clock,
  });
  client = clientOf(await codeDeploy.listen());
  await client.send(new CreateApplicationCommand({ applicationName: "web", computePlatform: "ECS" }));
  await client.send(
    new CreateDeploymentGroupCommand({
      ...names,
      serviceRoleArn,
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      ecsServices: [{ clusterName: "main", serviceName: "web" }],
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: "one" }, { name: "two" }],
            prodTrafficRoute: { listenerArns: [service.production] },
            testTrafficRoute: { listenerArns: [service.test] },
          },
        ],
      },
      blueGreenDeploymentConfiguration: blueGreen({ terminate: 5 }),
    }),
  );
});
afterAll(() => {
  client?.destroy();
  codeDeploy?.close();
  aws?.stop();
});

describe("a service at moto's ECS", () => {
  it("is deployed to, and its traffic shifted", async () => {
    const deploymentId = await deploy("web:2");
    await clock.advance(minute);
    expect(await service.state()).toEqual({
      taskSets: ["PRIMARY web:1 one", "ACTIVE web:2 two"],
      production: { one: 90, two: 10 },
      test: { two: 100 },
    });
    await clock.advance(20 * minute);
    expect((await info(deploymentId)).status).toBe("Succeeded");
    expect(await service.state()).toEqual({
      taskSets: ["PRIMARY web:2 two"],
      production: { two: 100 },
      test: { two: 100 },
    });
  });

  it("is rolled back, and all is as it was", async () => {
    const deploymentId = await deploy("web:3");
    await clock.advance(minute);
    expect((await service.state()).production).toEqual({ two: 90, one: 10 });
    await client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
    await clock.advance(minute);
    const { status, rollbackInfo } = await info(deploymentId);
    expect(status).toBe("Stopped");
    expect((await info(rollbackInfo?.rollbackDeploymentId)).status).toBe("Succeeded");
    expect(await service.state()).toEqual({
      taskSets: ["PRIMARY web:2 two"],
      production: { two: 100 },
      test: { two: 100 },
    });
  });

  it("is told with its task sets", async () => {
    const deploymentId = await deploy("web:3");
    await clock.advance(minute);
    const { deploymentTarget } = await client.send(
      new GetDeploymentTargetCommand({ deploymentId, targetId: "main:web" }),
    );
    expect(deploymentTarget?.ecsTarget).toMatchObject({
      targetArn: expect.stringContaining("service/main/web"),
      taskSetsInfo: [
        { status: "PRIMARY", trafficWeight: 90, targetGroup: { name: "two" } },
        { status: "ACTIVE", trafficWeight: 10, targetGroup: { name: "one" } },
      ],
    });
  });
});

async function deploy(taskDefinition: string): Promise<string | undefined> {
  const Properties = {
    TaskDefinition: taskDefinition,
    LoadBalancerInfo: { ContainerName: "web", ContainerPort: 80 },
  };
  const revision = revisionOf({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
  });
  return (await client.send(new CreateDeploymentCommand({ ...names, revision }))).deploymentId;
}

async function info(deploymentId: string | undefined) {
  const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
  return deploymentInfo ?? {};
}
