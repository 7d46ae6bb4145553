import {
  ContinueDeploymentCommand,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  type CreateDeploymentInput,
  type DeploymentInfo,
  type DeploymentWaitType,
  type ECSTarget,
} from "@aws-sdk/client-codedeploy";
import { EcsEndpoint } from "../../../src/rehearsal/codedeploy/ecs/ecs-endpoint";
import { LoadBalancerEndpoint } from "../../../src/rehearsal/codedeploy/ecs/load-balancer-endpoint";
import { FakeEcs } from "./fake-ecs";
import { FakeLoadBalancer, targetGroupArn } from "./fake-load-balancer";
import { hooksOf, LocalCodeDeploy, minute, region, revisionOf, serviceRoleArn } from "./local-codedeploy";

export { minute } from "./local-codedeploy";

const names = { applicationName: "web", deploymentGroupName: "web-dev" };
const listener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef";
export const production = `${listener}/80`;
export const test = `${listener}/8080`;

type Group = Partial<CreateDeploymentGroupCommandInput>;

/** What an AppSpec says of the service. */
export interface Replacement {
  readonly taskDefinition?: string;
  readonly hooks?: Readonly<Record<string, string>>;
  readonly properties?: object;
}

/**
 * CodeDeploy, a service `web` whose tasks of `web:1` are in the target group `one`, and a load balancer that sends
 * all there from both of its listeners.
 */
export class DeployedWeb extends LocalCodeDeploy {
  readonly ecs = new FakeEcs(this.clock);
  readonly loadBalancer = new FakeLoadBalancer(this.clock);

  static async start(group: Group = {}): Promise<DeployedWeb> {
    const web = new DeployedWeb("main:web");
    putFirst(web.ecs, web.loadBalancer);
    await web.serve({
      ecs: new EcsEndpoint(await web.ecs.listen(), region),
      loadBalancer: new LoadBalancerEndpoint(await web.loadBalancer.listen(), region),
    });
    await web.client.send(new CreateApplicationCommand({ applicationName: "web", computePlatform: "ECS" }));
    await web.client.send(groupOf(group));
    return web;
  }

  /** @returns the deployment's id */
  async deploy(replacement: Replacement = {}, input: Partial<CreateDeploymentInput> = {}): Promise<string> {
    const revision = revisionOf(appSpecOf(replacement));
    const { deploymentId } = await this.client.send(
      new CreateDeploymentCommand({ ...names, revision, ...input }),
    );
    return deploymentId as string;
  }

  /** Deploys, and lets two hours pass, or as many minutes. */
  async deployed(
    replacement: Replacement = {},
    input: Partial<CreateDeploymentInput> = {},
    minutes = 120,
  ): Promise<DeploymentInfo> {
    const id = await this.deploy(replacement, input);
    await this.clock.advance(minutes * minute);
    return this.info(id);
  }

  async target(deploymentId: string | undefined): Promise<ECSTarget> {
    return (await this.describe(deploymentId)).ecsTarget as ECSTarget;
  }

  continue(deploymentId: string, deploymentWaitType?: DeploymentWaitType) {
    return this.client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }));
  }

  override close(): void {
    super.close();
    this.ecs.close();
    this.loadBalancer.close();
  }
}

/** The task set of `web:1`, to which both listeners send everything. */
export function putFirst(ecs: FakeEcs, loadBalancer: FakeLoadBalancer): void {
  ecs.create({
    taskDefinition: "web:1",
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    loadBalancers: [{ targetGroupArn: targetGroupArn("one"), containerName: "web", containerPort: 80 }],
  });
  for (const arn of [production, test]) loadBalancer.rules.push({ arn, listener: arn, weights: { one: 1 } });
}

/** The deployment group `web-dev`, with other settings. */
export function groupOf(group: Group = {}): CreateDeploymentGroupCommand {
  return new CreateDeploymentGroupCommand({ ...names, serviceRoleArn, ...settings, ...group });
}

export const targetGroupPair = {
  targetGroups: [{ name: "one" }, { name: "two" }],
  prodTrafficRoute: { listenerArns: [production] },
  testTrafficRoute: { listenerArns: [test] },
};

/** What a group of the service must say. */
export const settings = {
  ecsServices: [{ clusterName: "main", serviceName: "web" }],
  loadBalancerInfo: {
    targetGroupPairInfoList: [targetGroupPair],
  },
  blueGreenDeploymentConfiguration: blueGreen({}),
} satisfies Group;

/** @param ready minutes that it waits for a user. @param terminate minutes that blue is kept */
export function blueGreen({
  ready,
  terminate = 0,
}: {
  readonly ready?: number;
  readonly terminate?: number;
}) {
  return {
    deploymentReadyOption:
      ready === undefined
        ? { actionOnTimeout: "CONTINUE_DEPLOYMENT" as const }
        : { actionOnTimeout: "STOP_DEPLOYMENT" as const, waitTimeInMinutes: ready },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE" as const,
      terminationWaitTimeInMinutes: terminate,
    },
  };
}

export function appSpecOf({ taskDefinition = "web:2", hooks = {}, properties }: Replacement): object {
  const Properties = {
    TaskDefinition: taskDefinition,
    LoadBalancerInfo: { ContainerName: "web", ContainerPort: 80 },
    ...properties,
  };
  return {
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
    Hooks: hooksOf(hooks),
  };
}
