import { Fault } from "../fault";
import type { TaskSet } from "./ecs-api";
import type { EcsSurroundings } from "./ecs-surroundings";
import type { ServiceRoute } from "./service-route";

/** The original task set, or the one that takes its place. */
export type TaskSetLabel = "blue" | "green";

interface TargetGroup {
  readonly name: string;
  readonly arn: string;
}

/** The listeners before a service, and to which of its two target groups they send requests. */
export class Listeners {
  private constructor(
    private readonly route: ServiceRoute,
    private readonly surroundings: EcsSurroundings,
    readonly targetGroups: Readonly<Record<TaskSetLabel, TargetGroup>>,
    /** Green's share of the production traffic. */
    private percent: number,
  ) {}

  /** Blue's target group is the one of that task set. @throws Fault where production's listener does not know it */
  static async find(route: ServiceRoute, surroundings: EcsSurroundings, task: TaskSet): Promise<Listeners> {
    const { clock, loadBalancer } = surroundings;
    const arns = await clock.during(loadBalancer.targetGroups(route.targetGroups));
    const pair = Object.entries(arns).map(([name, arn]) => ({ name, arn }));
    const blue = pair.find(({ arn }) => task.loadBalancers.some((one) => one.targetGroupArn === arn));
    const green = pair.find((group) => group !== blue);
    const rules = await clock.during(loadBalancer.rules(route.listenerArn));
    const forwarding = rules.filter((shares) => pair.some(({ arn }) => arn in shares));
    if (!blue || !green || !forwarding.length || !forwarding.every((shares) => shares[blue.arn])) {
      // https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
      throw new Fault(
        "ELASTIC_LOAD_BALANCING_INVALID",
        "The ELB could not be updated due to the following error: Primary taskset target group must be behind " +
          `listener ${route.listenerArn}`,
      );
    }
    const percent = Math.max(...forwarding.map((shares) => shares[green.arn] ?? 0));
    return new Listeners(route, surroundings, { blue, green }, percent);
  }

  /** Of the production traffic, in percent. */
  shareOf(label: TaskSetLabel): number {
    return label === "green" ? this.percent : 100 - this.percent;
  }

  /** Sends all test traffic there, if there is any. */
  async routeTest(label: TaskSetLabel): Promise<void> {
    const { testListenerArn } = this.route;
    if (testListenerArn !== undefined) await this.forward(testListenerArn, label === "green" ? 100 : 0);
  }

  /** @param percent green's share of the production traffic */
  async shift(percent: number): Promise<void> {
    await this.forward(this.route.listenerArn, percent);
    this.percent = percent;
  }

  private async forward(listenerArn: string, percent: number): Promise<void> {
    const { clock, loadBalancer } = this.surroundings;
    const { blue, green } = this.targetGroups;
    const shares = { [blue.arn]: 100 - percent, [green.arn]: percent };
    await clock.during(loadBalancer.forward(listenerArn, shares));
  }
}
