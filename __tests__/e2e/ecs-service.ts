import type { ServiceName } from "../../rehearsal/codedeploy/ecs/ecs-api";
import { LocalEndpoint } from "../../rehearsal/codedeploy/local-endpoint";
import { QueryEndpoint } from "../../rehearsal/codedeploy/query-endpoint";
import { membersOf, within, type Xml } from "../../rehearsal/codedeploy/xml";
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
  private readonly ecs: LocalEndpoint;
  private readonly loadBalancer: QueryEndpoint;
  /** ARNs of the listeners. */
  production = "";
  test = "";

  constructor(
    private readonly endpoint: string,
    private readonly name: ServiceName,
  ) {
    this.ecs = new LocalEndpoint(endpoint, "ecs", region);
    this.loadBalancer = new QueryEndpoint(endpoint, "elasticloadbalancing", region, "2015-12-01");
  }

  /** `web` of the cluster `main`, with the task definitions `web:1` to `web:3`, of which the first serves. */
  static async create(endpoint: string): Promise<EcsService> {
    const service = new EcsService(endpoint, { cluster: "main", service: "web" });
    const [vpc] = await service.inVpc("DescribeVpcs", "vpcId");
    const subnets = (await service.inVpc("DescribeSubnets", "subnetId")).slice(0, 2);
    const securityGroups = (await service.inVpc("DescribeSecurityGroups", "groupId")).slice(0, 1);
    const targetGroupArn = await service.createListeners(String(vpc), subnets);
    await service.call("CreateCluster", { clusterName: "main" });
    const containerDefinitions = [
      { name: "web", image: "web", memory: 128, portMappings: [{ containerPort: 80 }] },
    ];
    for (const _ of [1, 2, 3]) {
      await service.call("RegisterTaskDefinition", {
        family: "web",
        networkMode: "awsvpc",
        containerDefinitions,
      });
    }
    const placed = {
      cluster: "main",
      taskDefinition: "web:1",
      launchType: "FARGATE",
      loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
    };
    const deploymentController = { type: "CODE_DEPLOY" };
    await service.call("CreateService", {
      ...placed,
      serviceName: "web",
      desiredCount: 1,
      deploymentController,
    });
    return service;
  }

  async state(): Promise<ServiceState> {
    const { cluster, service } = this.name;
    const { services } = await this.call("DescribeServices", { cluster, services: [service] });
    const [{ taskSets }] = services as [{ taskSets: TaskSet[] }];
    return {
      taskSets: taskSets.map(
        ({ status, taskDefinition, loadBalancers: [{ targetGroupArn }] }) =>
          `${status} ${taskDefinition.split("/").at(-1)} ${nameOf(targetGroupArn)}`,
      ),
      production: await this.sharesOf(this.production),
      test: await this.sharesOf(this.test),
    };
  }

  private async createListeners(VpcId: string, Subnets: string[]): Promise<string> {
    const arns: string[] = [];
    for (const Name of ["one", "two"]) {
      const group = { Name, Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId };
      arns.push(
        firstIn(await this.loadBalancer.call("CreateTargetGroup", group), "TargetGroups", "TargetGroupArn"),
      );
    }
    const made = await this.loadBalancer.call("CreateLoadBalancer", { Name: "web", Subnets });
    const LoadBalancerArn = firstIn(made, "LoadBalancers", "LoadBalancerArn");
    const DefaultActions = [{ Type: "forward", TargetGroupArn: arns[0] }];
    for (const [name, Port] of [
      ["production", 80],
      ["test", 8080],
    ] as const) {
      const listener = { LoadBalancerArn, Protocol: "HTTP", Port, DefaultActions };
      this[name] = firstIn(
        await this.loadBalancer.call("CreateListener", listener),
        "Listeners",
        "ListenerArn",
      );
    }
    return String(arns[0]);
  }

  private async sharesOf(listenerArn: string): Promise<Record<string, number>> {
    const told = await this.loadBalancer.call("DescribeListeners", { ListenerArns: [listenerArn] });
    const [listener] = membersOf(within(told, "Listeners"));
    const [action] = membersOf(within(listener, "DefaultActions"));
    const groups = membersOf(within(action, "ForwardConfig", "TargetGroups"));
    if (groups.length === 0) return { [nameOf(String(within(action, "TargetGroupArn")))]: 100 };
    return Object.fromEntries(
      groups.map((group) => [
        nameOf(String(within(group, "TargetGroupArn"))),
        Number(within(group, "Weight")),
      ]),
    );
  }

  /** What EC2 has by default. */
  private async inVpc(action: string, field: string): Promise<string[]> {
    const { body } = await new LocalEndpoint(this.endpoint, "ec2", region).request("/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ Action: action, Version: "2016-11-15" }).toString(),
    });
    return [...body.matchAll(new RegExp(`<${field}>([^<]+)<`, "g"))].map(([, id]) => String(id));
  }

  private async call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { ok, body } = await this.ecs.request("/", {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}`,
      },
      body: JSON.stringify(input),
    });
    if (!ok) throw new Error(`${operation}: ${body}`);
    return JSON.parse(body);
  }
}

interface TaskSet {
  readonly status: string;
  readonly taskDefinition: string;
  readonly loadBalancers: [{ readonly targetGroupArn: string }];
}

function firstIn(result: Xml | undefined, list: string, field: string): string {
  return String(within(membersOf(within(result, list))[0], field));
}

function nameOf(targetGroupArn: string): string {
  return String(targetGroupArn.split("/").at(-2));
}
