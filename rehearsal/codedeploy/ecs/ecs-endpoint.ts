import { LocalEndpoint } from "../local-endpoint";
import {
  type EcsApi,
  EcsError,
  type EcsService,
  type ServiceName,
  type TaskSet,
  type TaskSetOrder,
} from "./ecs-api";

/** ECS's API at an endpoint: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ */
export class EcsEndpoint implements EcsApi {
  private readonly endpoint: LocalEndpoint;

  constructor(url: string, region: string) {
    this.endpoint = new LocalEndpoint(url, "ecs", region);
  }

  async service({ cluster, service }: ServiceName): Promise<EcsService> {
    const { services = [] } = await this.call<{ services?: EcsService[] }>("DescribeServices", {
      cluster,
      services: [service],
    });
    const [found] = services;
    if (found !== undefined) return { ...found, taskSets: found.taskSets ?? [] };
    throw new EcsError("ServiceNotFoundException", `cluster ${cluster} has no service ${service}`);
  }

  async createTaskSet(name: ServiceName, order: TaskSetOrder): Promise<TaskSet> {
    const scale = { value: 100, unit: "PERCENT" };
    const { taskSet } = await this.call<{ taskSet: TaskSet }>("CreateTaskSet", { ...name, ...order, scale });
    return taskSet;
  }

  async makePrimary(name: ServiceName, taskSetArn: string): Promise<void> {
    await this.call("UpdateServicePrimaryTaskSet", { ...name, primaryTaskSet: taskSetArn });
  }

  async deleteTaskSet(name: ServiceName, taskSetArn: string): Promise<void> {
    await this.call("DeleteTaskSet", { ...name, taskSet: taskSetArn, force: true });
  }

  private async call<Output>(operation: string, input: object): Promise<Output> {
    const { ok, code, body } = await this.endpoint
      .request("/", {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}`,
        },
        body: JSON.stringify(input),
      })
      .catch((error: Error) => {
        throw new EcsError("ServerException", `ECS does not answer: ${error.message}`);
      });
    const answer = objectOf(body);
    if (ok) return answer as Output;
    const told = String(answer["__type"] ?? code ?? "ServerException");
    throw new EcsError(
      told.split("#").at(-1) ?? told,
      String(answer["message"] ?? answer["Message"] ?? body),
    );
  }
}

function objectOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
