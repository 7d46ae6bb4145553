import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { EcsEndpoint } from "../../src/rehearsal/codedeploy/ecs/ecs-endpoint";
import { LoadBalancerEndpoint } from "../../src/rehearsal/codedeploy/ecs/load-balancer-endpoint";
import { LambdaEndpoint } from "../../src/rehearsal/codedeploy/lambda-endpoint";
import { appSpecOf, blueGreen, production, settings, test } from "../rehearsal/codedeploy/deployed-web";
import { FakeEcs } from "../rehearsal/codedeploy/fake-ecs";
import { FakeLoadBalancer, targetGroupArn } from "../rehearsal/codedeploy/fake-load-balancer";
import { region, revisionOf } from "../rehearsal/codedeploy/local-codedeploy";
import { accountId } from "./answering-endpoint";
import { type Asked, minutesFor, type Values } from "./cloudwatch-minutes";
import { groupSettings, names, RolloutAccount } from "./rollout-account";

type Group = Partial<CreateDeploymentGroupCommandInput>;

const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;

/** How long CodeDeploy waits, in minutes. */
export function waits(minutes: Parameters<typeof blueGreen>[0]): Group {
  return { blueGreenDeploymentConfiguration: blueGreen(minutes) };
}

/** The ARN of a version's task definition, of which there is one revision. */
export function taskDefinition(version: string): string {
  return `arn:aws:ecs:${region}:${accountId}:task-definition/shop-dev-${version}:1`;
}

/** The shop as a service of containers, whose tasks of v1 serve everybody. */
export class RolloutStore extends RolloutAccount {
  readonly ecs = new FakeEcs(this.clock);
  readonly loadBalancer = new FakeLoadBalancer(this.clock);
  /** The families that have an active task definition. */
  readonly families = new Set(["shop-dev-v1", "shop-dev-v2"]);
  /** The alarms that CloudWatch does not know. */
  readonly lostAlarms = new Set<string>();
  /** The service as ECS tells it, beside its task sets. */
  service: object | undefined = { status: "ACTIVE" };
  /** What CloudWatch says of each minute. */
  values: Values = {};
  /** What it was asked last. */
  asked?: Asked;
  private codeDeploy?: CodeDeploy;

  private constructor(release: object) {
    super({
      "releases/dev/environment.json": { region },
      "releases/dev/shop.json": {
        strategy: "ecs-blue-green",
        versions: { v1: { container: { image: image("1") } }, v2: { container: { image: image("2") } } },
        stable: "v1",
        canary: { version: "v2" },
        ...release,
      },
    });
  }

  static async start(group: Group = {}, release: object = {}): Promise<RolloutStore> {
    const store = new RolloutStore(release);
    const { clock, alarms } = store;
    store.serve("v1", "one");
    for (const arn of [production, test])
      store.loadBalancer.rules.push({ arn, listener: arn, weights: { one: 1 } });
    store.codeDeploy = new CodeDeploy({
      lambda: new LambdaEndpoint(await store.lambda.listen(), region),
      ecs: new EcsEndpoint(await store.ecs.listen(), region),
      loadBalancer: new LoadBalancerEndpoint(await store.loadBalancer.listen(), region),
      clock,
      alarms,
    });
    store.codeDeployUrl = await store.codeDeploy.listen();
    await store.listen();
    const { client } = store;
    await client.send(new CreateApplicationCommand({ applicationName: "shop-dev", computePlatform: "ECS" }));
    const deploymentConfigName = "CodeDeployDefault.ECSCanary10Percent5Minutes";
    await client.send(
      new CreateDeploymentGroupCommand({ ...groupSettings, deploymentConfigName, ...settings, ...group }),
    );
    return store;
  }

  /** Each task set with its status, its version and its target group. */
  get running(): string[] {
    return this.ecs.running.map((line) => line.replace(/arn:\S+\/shop-dev-(\S+):1/, "$1"));
  }

  /** The users' shares by target group. */
  get shares() {
    return this.loadBalancer.weightsOf(production);
  }

  /** Tasks of a version in a target group, the primary ones where there are none yet. */
  serve(version: string, group: "one" | "two"): void {
    this.ecs.create({
      taskDefinition: taskDefinition(version),
      launchType: "FARGATE",
      loadBalancers: [{ targetGroupArn: targetGroupArn(group), containerName: "shop", containerPort: 8080 }],
    });
  }

  /** A deployment that the command has not started. */
  async deploy(description?: string): Promise<string> {
    const revision = revisionOf(appSpecOf({ taskDefinition: taskDefinition("v2") }));
    const { deploymentId } = await this.client.send(
      new CreateDeploymentCommand({ ...names, revision, description }),
    );
    return deploymentId as string;
  }

  override close(): void {
    super.close();
    this.codeDeploy?.close();
    this.ecs.close();
    this.loadBalancer.close();
  }

  /** CodeDeploy's stand-in of ECS knows another service's name: the command's own questions are answered here. */
  protected whoAnswers(_service: string, name: string, body: string): string | object {
    if (name === "DescribeServices") {
      const { cluster, services } = JSON.parse(body);
      const isThere = this.service !== undefined && cluster === "shop-dev" && services.join() === "shop-dev";
      if (!isThere) return { services: [], failures: [{ reason: "MISSING" }] };
      return { services: [{ ...this.service, taskSets: this.ecs.taskSets }] };
    }
    if (name === "GetMetricData") {
      this.asked = JSON.parse(body) as Asked;
      return minutesFor(this.asked, this.values);
    }
    if (name === "DescribeAlarms") {
      const found: string[] = JSON.parse(body).AlarmNames.filter((one: string) => !this.lostAlarms.has(one));
      return { MetricAlarms: found.map((AlarmName) => ({ AlarmName, StateValue: "OK" })) };
    }
    if (name !== "DescribeTaskDefinition") return this.codeDeployUrl;
    const family = JSON.parse(body).taskDefinition;
    if (!this.families.has(family)) return { error: "ClientException" };
    const [version = ""] = family.split("-").slice(-1);
    return { taskDefinition: { taskDefinitionArn: taskDefinition(version), status: "ACTIVE" } };
  }
}
