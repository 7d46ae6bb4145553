import type { TaskSet } from "../../codedeploy/ecs/ecs-api";
import type { SceneEvent } from "../scene";
import { Task, type TaskOrder } from "./task";
import type { TaskRunner } from "./task-sets";

export interface LocalTasksOptions {
  /** How many tasks a task set has. */
  readonly count: number;
  /** How the tasks of a task definition are run. @param taskDefinition its ARN */
  readonly orderOf: (taskDefinition: string) => TaskOrder;
  /** The version that is there before the others. */
  readonly from: string;
  readonly onEvent: (event: SceneEvent) => void;
}

/** Tasks that requests can be sent to. */
export interface Targets {
  readonly version: string;
  readonly ports: readonly number[];
}

interface Kept {
  readonly version: string;
  readonly targetGroup?: string;
  readonly tasks: readonly Task[];
  /** What keeps it from being steady. */
  readonly illness?: string;
  /** Whether it has been told whether it is. */
  isTold: boolean;
}

/** Task sets as servers of this machine. A task that ends is not started again. */
export class LocalTasks implements TaskRunner {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly options: LocalTasksOptions) {}

  /** Those behind a target group. @returns nothing where there are none */
  targets(targetGroup: string): Targets | undefined {
    const found = [...this.kept.values()].find((one) => one.targetGroup === targetGroup);
    return found && { version: found.version, ports: found.tasks.map(({ port }) => port) };
  }

  /** What keeps a task set from being steady. */
  illnessOf({ taskSetArn }: TaskSet): string | undefined {
    return this.kept.get(taskSetArn)?.illness;
  }

  async start({ taskSetArn, taskDefinition, loadBalancers }: TaskSet): Promise<void> {
    const { count, orderOf, from } = this.options;
    const order = orderOf(taskDefinition);
    const { version } = order;
    if (version !== from) this.tell(`tasks of ${version} are started`);
    const tasks = await Promise.all(Array.from({ length: count }, () => Task.start(order)));
    const targetGroup = loadBalancers[0]?.targetGroupArn;
    const illness = tasks.map((task) => task.illness).find((one) => one !== undefined);
    this.kept.set(taskSetArn, { version, targetGroup, tasks, illness, isTold: version === from });
  }

  async isSteady({ taskSetArn }: TaskSet): Promise<boolean> {
    const kept = this.kept.get(taskSetArn);
    if (kept === undefined) return false;
    const { version, illness, isTold } = kept;
    kept.isTold = true;
    if (illness !== undefined && !isTold) this.tell(`a task of ${version} is not healthy: ${illness}`, true);
    else if (!isTold) this.tell(`tasks of ${version} are healthy`);
    return illness === undefined;
  }

  async stop({ taskSetArn }: TaskSet): Promise<void> {
    const kept = this.kept.get(taskSetArn);
    if (kept === undefined) return;
    this.kept.delete(taskSetArn);
    await Promise.all(kept.tasks.map((task) => task.stop()));
    const during = kept.version === this.options.from ? "termination" : "rollback";
    this.options.onEvent({ event: `tasks of ${kept.version} are ended`, during });
  }

  async close(): Promise<void> {
    const tasks = [...this.kept.values()].flatMap((one) => one.tasks);
    this.kept.clear();
    await Promise.all(tasks.map((task) => task.stop()));
  }

  private tell(event: string, isBad = false): void {
    this.options.onEvent({ event, isBad, during: "Install" });
  }
}
