import { folderDigest } from "../../../synth/folder-digest";
import { functionsOf } from "../../lambda/function";
import { LambdaService } from "../../lambda/lambda-service";
import { seededRandom } from "../../random";
import { AppliedState, type ApplySummary } from "../../terraform/applied-state";
import type { Configuration } from "../../terraform/configuration";
import type { PresentFaults } from "../faults";
import { LambdaServer } from "../lambda-server";
import { type PlannedShift, plannedShift } from "../planned-shift";
import type { Opened, Scene, SceneOptions } from "../scene";
import { ContainerFolders } from "./container-folders";
import { groupOf } from "./deployment-group";
import { ListenerShares } from "./listener-shares";
import { LoadBalancer } from "./load-balancer";
import { LoadBalancerMetrics, playedMetrics } from "./load-balancer-metrics";
import { LocalTasks } from "./local-tasks";
import { type MovedService, movedServiceIn } from "./moved-service";
import { ServiceSubject } from "./service-subject";
import type { TaskOrder } from "./task";
import { taskOrder } from "./task-order";
import { TaskSets } from "./task-sets";
import { type VersionDefinition, versionAfter, versionsIn } from "./versions";

/** More processes would tell nothing more. */
const mostTasks = 4;

/** A version, and the folder that its image is built of. */
interface BuiltVersion {
  readonly definition: VersionDefinition;
  readonly folder: string;
}

/** A load balancer in front of tasks that are replaced. */
export class ServiceScene implements Scene {
  readonly functions: LambdaServer;
  private readonly lambda: LambdaService;
  private readonly folders: ContainerFolders;
  private state = AppliedState.empty;
  /** By the ARN of the task definition, as each was when it was made. */
  private readonly definitions = new Map<string, VersionDefinition>();
  /** ARN of the task definition that the first stack's service runs. */
  private firstDefinition?: string;
  private oldFolder?: string;
  private newFolder = "";
  private versions?: { readonly from: BuiltVersion; readonly to: BuiltVersion };
  private tasks?: LocalTasks;
  private balancer?: LoadBalancer;
  /** Addresses here by those of the stack. */
  private addresses: [string, string][] = [];

  constructor(private readonly options: SceneOptions) {
    const { project, seed, onLog, variables } = options;
    this.lambda = new LambdaService(seededRandom(seed), onLog, { variables });
    this.functions = new LambdaServer({ lambda: this.lambda });
    this.folders = new ContainerFolders(project);
  }

  apply(configuration: Configuration, project: string): ApplySummary {
    const { state, summary } = this.state.apply(configuration);
    this.lambda.apply(functionsOf(state), configuration.folder);
    this.state = state;
    for (const one of versionsIn(state)) {
      if (!this.definitions.has(one.arn)) this.definitions.set(one.arn, one);
    }
    this.newFolder = this.folders.find(project, this.service.container.containerName);
    this.oldFolder ??= this.newFolder;
    this.firstDefinition ??= this.service.taskDefinition;
    return summary;
  }

  plan(): PlannedShift {
    const { state, service } = this;
    const { from, to } = this.movedVersions(service);
    this.versions = {
      from: { definition: from, folder: this.oldFolder ?? this.newFolder },
      to: { definition: to, folder: this.newFolder },
    };
    return plannedShift(state, {
      subject: new ServiceSubject(service, to.version, to.arn),
      from: from.version,
      to: to.version,
      metrics: playedMetrics,
      group: groupOf,
      settings: service.native,
    });
  }

  /** Where ECS itself moves users, an apply may have named the new version already. */
  private movedVersions({ native, taskDefinition }: MovedService) {
    const before = native === undefined ? taskDefinition : (this.firstDefinition ?? taskDefinition);
    const [from, now] = [before, taskDefinition].map((arn) => this.definitions.get(arn));
    if (from === undefined || now === undefined) throw new Error(`the stack must create ${taskDefinition}`);
    return { from, to: now === from ? versionAfter(from, versionsIn(this.state)) : now };
  }

  isSameCode(): boolean {
    const [from, to] = this.orders.map(({ folder, command }) =>
      JSON.stringify([folderDigest(folder), command]),
    );
    return from === to;
  }

  runs(): readonly [string, string] {
    const { container } = this.service;
    const command = this.orders.at(-1)?.command.join(" ");
    return ["tasks", `${this.count} of each version: ${command} in containers/${container.containerName}`];
  }

  openPath(): string {
    return "/";
  }

  async open({ from, to }: PlannedShift, faults: PresentFaults): Promise<Opened> {
    const { service } = this;
    const { beforeMove, onMove, onEvent } = this.options;
    const tasks = new LocalTasks({
      count: this.count,
      orderOf: (arn) => this.orderOf(arn),
      from,
      onEvent,
    });
    this.tasks = tasks;
    const { from: first } = this.movedVersions(service);
    const ecs = new TaskSets({ ...service, taskDefinition: first.arn }, tasks);
    await tasks.start(ecs.first);
    if (!(await tasks.isSteady(ecs.first))) {
      throw new Error(`a task of ${from} is not healthy: ${tasks.illnessOf(ecs.first)}`);
    }
    const loadBalancer = new ListenerShares(service, {
      beforeMove,
      onMove,
      onTest: (isGreen) =>
        onEvent({
          event: `the test port leads to ${isGreen ? to : from}`,
          during: isGreen ? "AllowTestTraffic" : "rollback",
        }),
    });
    const users = await this.listen(service, loadBalancer, tasks, faults);
    return { users, endpoints: { ecs, loadBalancer, native: service.native } };
  }

  /** Of the listeners that are served here. */
  localAddresses(variables: Readonly<Record<string, string>>): Record<string, string> {
    const local = Object.entries(variables).flatMap(([name, value]) => {
      const found = this.addresses.find(([address]) => value === address || value.startsWith(`${address}/`));
      return found === undefined ? [] : [[name, value.replace(...found)] as const];
    });
    return Object.fromEntries(local);
  }

  async close(): Promise<void> {
    await this.balancer?.close();
    await this.tasks?.close();
    this.lambda.close();
    this.folders.close();
  }

  private get service(): MovedService {
    return movedServiceIn(this.state);
  }

  private get count(): number {
    return Math.min(this.service.count, mostTasks);
  }

  /** How both versions are run. @throws where one cannot be */
  private get orders(): TaskOrder[] {
    const { container, blue } = this.service;
    const { containerName } = container;
    const { healthPath } = blue;
    const versions = this.versions === undefined ? [] : [this.versions.from, this.versions.to];
    return versions.map((version) => taskOrder({ ...version, containerName, healthPath }));
  }

  private orderOf(taskDefinition: string): TaskOrder {
    const [from, to] = this.orders;
    const order = taskDefinition === this.versions?.to.definition.arn ? to : from;
    if (order === undefined) throw new Error(`there is no task definition ${taskDefinition}`);
    return order;
  }

  /** @returns the address of users */
  private async listen(
    service: MovedService,
    shares: ListenerShares,
    tasks: LocalTasks,
    faults: PresentFaults,
  ): Promise<string> {
    const { seed, metrics, onRequest } = this.options;
    const balancer = new LoadBalancer({
      shares,
      targets: (targetGroup) => tasks.targets(targetGroup),
      faults,
      metrics: new LoadBalancerMetrics(metrics),
      random: seededRandom(seed),
      onRequest,
    });
    this.balancer = balancer;
    let users = "";
    for (const listener of service.listeners) {
      const address = await balancer.listen(listener);
      this.addresses.push([listener.address, address]);
      if (listener.arn === service.production) users = address;
    }
    return users;
  }
}
