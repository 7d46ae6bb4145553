import type { ECSTaskSet } from "@aws-sdk/client-codedeploy";
import { Fault } from "../fault";
import type { EcsService, Placement, TaskSet } from "./ecs-api";
import type { EcsAppSpec } from "./ecs-app-spec";
import type { EcsSurroundings } from "./ecs-surroundings";
import { Listeners, type TaskSetLabel } from "./listeners";
import type { ServiceRoute } from "./service-route";

/** The two task sets of a service while one takes over from the other, with the listeners before them. */
export class BlueGreen {
  private green?: TaskSet;

  private constructor(
    private readonly route: ServiceRoute,
    private readonly surroundings: EcsSurroundings,
    private readonly service: EcsService,
    private blue: TaskSet,
    readonly listeners: Listeners,
  ) {}

  /** Blue is what serves the production traffic now. @throws Fault where CodeDeploy cannot deploy to the service */
  static async find(route: ServiceRoute, surroundings: EcsSurroundings): Promise<BlueGreen> {
    const { clock, ecs } = surroundings;
    const service = await clock.during(ecs.service(route.name));
    if (service.deploymentController?.type !== "CODE_DEPLOY") {
      throw new Fault(
        "INVALID_ECS_SERVICE",
        "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
      );
    }
    const blue = service.taskSets.find(({ status }) => status === "PRIMARY");
    if (blue === undefined) {
      throw new Fault("INVALID_ECS_SERVICE", "The ECS service has no task set with the status PRIMARY.");
    }
    const listeners = await Listeners.find(route, surroundings, blue);
    return new BlueGreen(route, surroundings, service, blue, listeners);
  }

  get serviceArn(): string {
    return this.service.serviceArn;
  }

  /** The task set that was there before. */
  get original(): TaskSet {
    return this.blue;
  }

  /** Whether there is something to roll back. */
  get hasGreen(): boolean {
    return this.green !== undefined;
  }

  /** Whether all tasks of green run and are healthy. */
  get isSteady(): boolean {
    return this.green?.stabilityStatus === "STEADY_STATE";
  }

  /** Takes away what a deployment that was not rolled back has left, so that green's target group is free. */
  async clear(): Promise<void> {
    if (this.listeners.shareOf("green") > 0) await this.listeners.shift(0);
    for (const { status, taskSetArn } of this.service.taskSets) {
      if (status === "ACTIVE") await this.delete(taskSetArn);
    }
  }

  /** Creates green, which runs as blue does where the AppSpec says nothing else. */
  async create(deploymentId: string, { taskDefinition, container, placement }: EcsAppSpec): Promise<void> {
    const { clock, ecs } = this.surroundings;
    const targetGroupArn = this.listeners.targetGroups.green.arn;
    const order = {
      externalId: deploymentId,
      taskDefinition,
      loadBalancers: [{ targetGroupArn, ...container }],
      ...placementOf({ ...this.blue, ...placement }),
    };
    this.green = await clock.during(ecs.createTaskSet(this.route.name, order));
  }

  /** Looks how both are. */
  async refresh(): Promise<void> {
    const { clock, ecs } = this.surroundings;
    const { taskSets } = await clock.during(ecs.service(this.route.name));
    const now = (before: TaskSet) =>
      taskSets.find(({ taskSetArn }) => taskSetArn === before.taskSetArn) ?? gone(before);
    this.blue = now(this.blue);
    this.green = this.green && now(this.green);
  }

  /** Makes it the primary task set. */
  async promote(label: TaskSetLabel): Promise<void> {
    const { clock, ecs } = this.surroundings;
    const taskSet = this[label];
    if (taskSet !== undefined) await clock.during(ecs.makePrimary(this.route.name, taskSet.taskSetArn));
    await this.refresh();
  }

  /** Deletes it, whatever it serves. */
  async remove(label: TaskSetLabel): Promise<void> {
    const taskSet = this[label];
    if (taskSet === undefined) return;
    await this.delete(taskSet.taskSetArn);
    this[label] = gone(taskSet);
  }

  /** As CodeDeploy tells them. */
  describe(): ECSTaskSet[] {
    return (["blue", "green"] as const).flatMap((label) => {
      const taskSet = this[label];
      if (taskSet === undefined) return [];
      return {
        identifer: taskSet.id,
        desiredCount: taskSet.computedDesiredCount ?? 0,
        pendingCount: taskSet.pendingCount ?? 0,
        runningCount: taskSet.runningCount ?? 0,
        status: taskSet.status,
        trafficWeight: this.listeners.shareOf(label),
        targetGroup: { name: this.listeners.targetGroups[label].name },
        taskSetLabel: label === "green" ? "Green" : "Blue",
      };
    });
  }

  private async delete(taskSetArn: string): Promise<void> {
    const { clock, ecs } = this.surroundings;
    await clock.during(ecs.deleteTaskSet(this.route.name, taskSetArn));
  }
}

/** ECS takes a launch type or a strategy. */
function placementOf({ launchType, capacityProviderStrategy: strategy, ...placement }: Placement): Placement {
  const { platformVersion, networkConfiguration, serviceRegistries } = placement;
  const where = strategy?.length ? { capacityProviderStrategy: strategy } : { launchType };
  return { ...where, platformVersion, networkConfiguration, serviceRegistries };
}

function gone(taskSet: TaskSet): TaskSet {
  return { ...taskSet, status: "DRAINING", computedDesiredCount: 0, pendingCount: 0, runningCount: 0 };
}
