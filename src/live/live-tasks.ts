import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type TaskSet,
} from "@aws-sdk/client-ecs";
import { familyOf, taskFamily } from "../release/shifts/ecs";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import { AwsError } from "./aws-error";
import { type Account, clientOf } from "./clients";
import { Missing } from "./live-state";

/** Tasks of one version, behind a target group of their own. */
export interface LiveTasks {
  readonly arn: string;
  /** The version as the file names it, or the task definition that the file does not know. */
  readonly version: string;
  /** What they are registered with. */
  readonly targetGroupArn: string;
  /** The deployment of CodeDeploy's that has made them. @default - they came with the service */
  readonly deployment?: string;
}

/** Who serves a service's users. */
export interface LiveService {
  /** The tasks that ECS calls primary: users are there, but for those of a shift that is under way or was left. */
  readonly primary: LiveTasks;
  /** Tasks beside them. */
  readonly others: readonly LiveTasks[];
}

/** ECS, as far as it is asked about one release. */
export class Ecs {
  private readonly client: ECSClient;

  constructor(
    account: Account,
    private readonly release: EcsBlueGreenRelease,
  ) {
    this.client = clientOf(ECSClient, account, "ecs");
  }

  close(): void {
    this.client.destroy();
  }

  /** @throws {Missing} where the release was never deployed */
  async service(): Promise<LiveService> {
    const { name } = this.release;
    const found = await this.find(name);
    const taskSets = found.filter(({ status }) => status !== "DRAINING");
    const primary = taskSets.find(({ status }) => status === "PRIMARY");
    if (primary === undefined)
      throw new Missing(`the service ${name} has no primary task set: deploy to create it again`);
    const others = taskSets.filter((one) => one !== primary);
    return { primary: this.tasksOf(primary), others: others.map((one) => this.tasksOf(one)) };
  }

  /** The ARN of a version's task definition. @throws {Missing} where there is none */
  async taskDefinition(version: string): Promise<string> {
    const family = taskFamily(this.release.name, version);
    try {
      const { taskDefinition } = await this.client.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: family }),
      );
      if (taskDefinition?.status === "ACTIVE") return taskDefinition.taskDefinitionArn ?? family;
    } catch (error) {
      if (!(error instanceof AwsError && error.code === "ClientException")) throw error;
    }
    throw new Missing(`there is no task definition ${family}: it was deleted, or never deployed`);
  }

  private async find(name: string): Promise<readonly TaskSet[]> {
    const missing = `there is no service ${name} in a cluster of that name: it was never deployed`;
    try {
      const { services: [service] = [] } = await this.client.send(
        new DescribeServicesCommand({ cluster: name, services: [name] }),
      );
      if (service === undefined || service.status === "INACTIVE") throw new Missing(missing);
      return service.taskSets ?? [];
    } catch (error) {
      if (!(error instanceof AwsError && error.code === "ClusterNotFoundException")) throw error;
      throw new Missing(missing);
    }
  }

  private tasksOf({
    taskSetArn = "",
    taskDefinition = "",
    loadBalancers = [],
    externalId,
  }: TaskSet): LiveTasks {
    const family = familyOf(taskDefinition);
    const version = this.release.versions.find(
      ({ name }) => taskFamily(this.release.name, name) === family,
    )?.name;
    return {
      arn: taskSetArn,
      version: version ?? taskDefinition.replace(/^.*\//, ""),
      targetGroupArn: loadBalancers[0]?.targetGroupArn ?? "",
      deployment: externalId,
    };
  }
}
