import { json } from "node:stream/consumers";
import type { Clock } from "../../../src/rehearsal/codedeploy/clock";
import type { Placement, TaskSet, TaskSetTargets } from "../../../src/rehearsal/codedeploy/ecs/ecs-api";
import { FakeServer } from "./fake-server";

interface Input extends Placement {
  readonly cluster: string;
  readonly service: string;
  readonly services?: readonly string[];
  readonly externalId: string;
  readonly taskDefinition: string;
  readonly loadBalancers: readonly TaskSetTargets[];
  readonly taskSet: string;
  readonly force?: boolean;
  readonly primaryTaskSet: string;
}

/** ECS's API over HTTP: the service `web` of the cluster `main`, which wants two tasks. */
export class FakeEcs {
  controller = "CODE_DEPLOY";
  taskSets: (TaskSet & { readonly externalId?: string; readonly steadyAt: number })[] = [];
  /** How long a new task set is not steady. */
  startsForMs = 0;
  /** Refuses each of an operation's calls with a code. */
  refusals: Readonly<Record<string, string>> = {};
  private made = 0;
  private readonly server = new FakeServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const input = (await json(request)) as Input;
    // Tasks run in each task set.
    const isRunning = operation === "DeleteTaskSet" && !input.force;
    const code = isRunning ? "InvalidParameterException" : this.refusals[operation];
    const body = code === undefined ? this.answer(operation, input) : { __type: code, message: "no" };
    response.writeHead(code === undefined ? 200 : 400).end(JSON.stringify(body));
  });

  constructor(private readonly clock: Clock) {}

  listen(): Promise<string> {
    return this.server.listen();
  }

  close(): void {
    this.server.close();
  }

  /** Each task set with its status and its target group. */
  get running(): string[] {
    return this.taskSets.map(
      ({ status, taskDefinition, loadBalancers }) =>
        `${status} ${taskDefinition} ${loadBalancers[0]?.targetGroupArn?.split("/").at(-2)}`,
    );
  }

  /** A task set of these, which is the primary one where there is none yet. */
  create({ externalId, taskDefinition, loadBalancers, ...placement }: Partial<Input>): TaskSet {
    const id = `ecs-svc/${++this.made}`;
    const status = this.taskSets.some((one) => one.status === "PRIMARY") ? "ACTIVE" : "PRIMARY";
    const { launchType, capacityProviderStrategy, platformVersion, networkConfiguration } = placement;
    this.taskSets.push({
      id,
      taskSetArn: `arn:aws:ecs:eu-central-1:123456789012:task-set/main/web/${id}`,
      externalId,
      status,
      taskDefinition: String(taskDefinition),
      loadBalancers: loadBalancers ?? [],
      steadyAt: this.clock.now().getTime() + this.startsForMs,
      launchType,
      capacityProviderStrategy,
      platformVersion,
      networkConfiguration,
    });
    return this.told().at(-1) as TaskSet;
  }

  private answer(operation: string, input: Input): object {
    if (operation === "DescribeServices") {
      if (input.cluster !== "main" || input.services?.[0] !== "web") return { services: [] };
      const serviceArn = "arn:aws:ecs:eu-central-1:123456789012:service/main/web";
      const deploymentController = { type: this.controller };
      return { services: [{ serviceArn, deploymentController, taskSets: this.told() }] };
    }
    if (operation === "CreateTaskSet") return { taskSet: this.create(input) };
    if (operation === "DeleteTaskSet") {
      this.taskSets = this.taskSets.filter(({ taskSetArn }) => taskSetArn !== input.taskSet);
    } else {
      this.taskSets = this.taskSets.map((one) => ({
        ...one,
        status: one.taskSetArn === input.primaryTaskSet ? "PRIMARY" : "ACTIVE",
      }));
    }
    return {};
  }

  private told(): TaskSet[] {
    return this.taskSets.map(({ steadyAt, ...taskSet }) => {
      const steady = this.clock.now().getTime() >= steadyAt;
      return {
        ...taskSet,
        stabilityStatus: steady ? "STEADY_STATE" : "STABILIZING",
        computedDesiredCount: 2,
        runningCount: steady ? 2 : 0,
        pendingCount: steady ? 0 : 2,
      };
    });
  }
}
