import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ServiceName } from "../../src/rehearsal/codedeploy/ecs/ecs-api";
import { localSettings } from "../../src/rehearsal/codedeploy/local-endpoint";
import { region } from "../rehearsal/codedeploy/local-codedeploy";

export interface ServiceState {
  /** Each with its status, its task definition and its target group. */
  readonly taskSets: string[];
  /** Shares of the target groups in percent. */
  readonly production: Record<string, number>;
  readonly test: Record<string, number>;
}

/** A service at a local AWS, with the listeners that CodeDeploy turns. */
export class EcsService {
  private readonly ecs: ECS;
  private readonly loadBalancer: ElasticLoadBalancingV2;
  /** ARNs of the listeners. */
  production = "";
  test = "";

  constructor(
    private readonly endpoint: string,
    private readonly name: ServiceName,
  ) {
    this.ecs = new ECS(localSettings(endpoint, region));
    this.loadBalancer = new ElasticLoadBalancingV2(localSettings(endpoint, region));
  }

  /** `web` of the cluster `main`, with the task definitions `web:1` to `web:3`, of which the first serves. */
  static async create(endpoint: string): Promise<EcsService> {
    const service = new EcsService(endpoint, { cluster: "main", service: "web" });
    const { ecs } = service;
    const [vpc] = await service.inVpc("DescribeVpcs", "vpcId");
    const subnets = (await service.inVpc("DescribeSubnets", "subnetId")).slice(0, 2);
    const securityGroups = (await service.inVpc("DescribeSecurityGroups", "groupId")).slice(0, 1);
    const targetGroupArn = await service.createListeners(String(vpc), subnets);
    await ecs.createCluster({ clusterName: "main" });
    for (const _ of [1, 2, 3]) {
      await ecs.registerTaskDefinition({
        family: "web",
        networkMode: "awsvpc",
        containerDefinitions: [
          { name: "web", image: "web", memory: 128, portMappings: [{ containerPort: 80 }] },
        ],
      });
    }
    await ecs.createService({
      cluster: "main",
      taskDefinition: "web:1",
      launchType: "FARGATE",
      loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
      serviceName: "web",
      desiredCount: 1,
      deploymentController: { type: "CODE_DEPLOY" },
    });
    return service;
  }

  async state(): Promise<ServiceState> {
    const { cluster, service } = this.name;
    const { services: [found] = [] } = await this.ecs.describeServices({ cluster, services: [service] });
    const taskSets = found?.taskSets ?? [];
    return {
      taskSets: taskSets.map(
        ({ status, taskDefinition, loadBalancers }) =>
          `${status} ${taskDefinition?.split("/").at(-1)} ${nameOf(loadBalancers?.[0]?.targetGroupArn)}`,
      ),
      production: await this.sharesOf(this.production),
      test: await this.sharesOf(this.test),
    };
  }

  private async createListeners(VpcId: string, Subnets: string[]): Promise<string | undefined> {
    const { loadBalancer } = this;
    const arns: (string | undefined)[] = [];
    for (const Name of ["one", "two"]) {
      const group = { Name, Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId } as const;
      const { TargetGroups } = await loadBalancer.createTargetGroup(group);
      arns.push(TargetGroups?.[0]?.TargetGroupArn);
    }
    const { LoadBalancers } = await loadBalancer.createLoadBalancer({ Name: "web", Subnets });
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    for (const [name, Port] of [
      ["production", 80],
      ["test", 8080],
    ] as const) {
      const { Listeners } = await loadBalancer.createListener({
        LoadBalancerArn,
        Protocol: "HTTP",
        Port,
        DefaultActions: [{ Type: "forward", TargetGroupArn: arns[0] }],
      });
      this[name] = String(Listeners?.[0]?.ListenerArn);
    }
    return arns[0];
  }

  private async sharesOf(listenerArn: string): Promise<Record<string, number>> {
    const { Listeners } = await this.loadBalancer.describeListeners({ ListenerArns: [listenerArn] });
    const [action] = Listeners?.[0]?.DefaultActions ?? [];
    const groups = action?.ForwardConfig?.TargetGroups ?? [];
    if (groups.length === 0) return { [nameOf(action?.TargetGroupArn)]: 100 };
    return Object.fromEntries(
      groups.map(({ TargetGroupArn, Weight }) => [nameOf(TargetGroupArn), Number(Weight)]),
    );
  }

  /** What EC2 has by default. Its client is not worth three questions. */
  private async inVpc(action: string, field: string): Promise<string[]> {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: {
        // Where moto reads region and service.
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Action: action, Version: "2016-11-15" }),
    });
    return [...(await response.text()).matchAll(new RegExp(`<${field}>([^<]+)<`, "g"))].map(([, id]) =>
      String(id),
    );
  }
}

function nameOf(targetGroupArn = ""): string {
  return String(targetGroupArn.split("/").at(-2));
}
