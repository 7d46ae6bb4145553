import {
  type EcsApi,
  EcsError,
  type EcsService,
  type ServiceName,
  type TaskSet,
  type TaskSetOrder,
} from "../../codedeploy/ecs/ecs-api";
import type { MovedService } from "./moved-service";

/** Those who run the tasks of task sets. */
export interface TaskRunner {
  start(taskSet: TaskSet): Promise<void>;
  /** Whether as many run as there must be, and all of them are well. */
  isSteady(taskSet: TaskSet): Promise<boolean>;
  stop(taskSet: TaskSet): Promise<void>;
}

/** A service's task sets: ECS as CodeDeploy knows it. */
export class TaskSets implements EcsApi {
  /** The one that the service is made with. */
  readonly first: TaskSet;
  private taskSets: readonly TaskSet[] = [];

  constructor(
    private readonly moved: MovedService,
    private readonly runner: TaskRunner,
  ) {
    const { taskDefinition, container, blue } = moved;
    const loadBalancers = [{ targetGroupArn: blue.arn, ...container }];
    this.first = this.add({ externalId: "", taskDefinition, loadBalancers }, "PRIMARY");
  }

  async service(name: ServiceName): Promise<EcsService> {
    const { cluster, service } = this.moved.name;
    if (name.cluster !== cluster || name.service !== service) {
      throw new EcsError(
        "ServiceNotFoundException",
        `cluster ${name.cluster} has no service ${name.service}`,
      );
    }
    const taskSets = await Promise.all(this.taskSets.map((one) => this.told(one)));
    return { serviceArn: this.moved.arn, deploymentController: { type: "CODE_DEPLOY" }, taskSets };
  }

  async createTaskSet(_name: ServiceName, order: TaskSetOrder): Promise<TaskSet> {
    const taskSet = this.add(order, "ACTIVE");
    await this.runner.start(taskSet);
    // A target is asked for its health for the first time some moments after it is there.
    return { ...taskSet, stabilityStatus: "STABILIZING" };
  }

  async makePrimary(_name: ServiceName, taskSetArn: string): Promise<void> {
    this.taskSets = this.taskSets.map((one) => ({
      ...one,
      status: one.taskSetArn === taskSetArn ? "PRIMARY" : "ACTIVE",
    }));
  }

  async deleteTaskSet(_name: ServiceName, taskSetArn: string): Promise<void> {
    const deleted = this.taskSets.find((one) => one.taskSetArn === taskSetArn);
    this.taskSets = this.taskSets.filter((one) => one !== deleted);
    if (deleted !== undefined) await this.runner.stop(deleted);
  }

  private add(order: TaskSetOrder, status: string): TaskSet {
    const id = `ecs-svc/${order.externalId || "first"}`;
    const taskSetArn = `${this.moved.arn.replace(":service/", ":task-set/")}/${id}`;
    const taskSet = { ...order, id, taskSetArn, status };
    this.taskSets = [...this.taskSets, taskSet];
    return taskSet;
  }

  private async told(taskSet: TaskSet): Promise<TaskSet> {
    const { count } = this.moved;
    const isSteady = await this.runner.isSteady(taskSet);
    return {
      ...taskSet,
      stabilityStatus: isSteady ? "STEADY_STATE" : "STABILIZING",
      computedDesiredCount: count,
      runningCount: isSteady ? count : 0,
      pendingCount: isSteady ? 0 : count,
    };
  }
}
