import { type CreateTaskSetRequest, ECS } from "@aws-sdk/client-ecs";
import { localSettings, refusalsOf } from "../local-endpoint";
import {
  type EcsApi,
  EcsError,
  type EcsService,
  type ServiceName,
  type TaskSet,
  type TaskSetOrder,
} from "./ecs-api";

const refuse = refusalsOf(EcsError, "ECS", "ServerException");

/** ECS's API at an endpoint. */
export class EcsEndpoint implements EcsApi {
  private readonly client: ECS;

  constructor(url: string, region: string) {
    this.client = new ECS(localSettings(url, region));
  }

  async service({ cluster, service }: ServiceName): Promise<EcsService> {
    const { services = [] } = await this.client
      .describeServices({ cluster, services: [service] })
      .catch(refuse);
    const [found] = services;
    if (found !== undefined) return { ...found, taskSets: found.taskSets ?? [] } as EcsService;
    throw new EcsError("ServiceNotFoundException", `cluster ${cluster} has no service ${service}`);
  }

  async createTaskSet(name: ServiceName, order: TaskSetOrder): Promise<TaskSet> {
    const scale = { value: 100, unit: "PERCENT" };
    const input = { ...name, ...order, scale } as CreateTaskSetRequest;
    const { taskSet } = await this.client.createTaskSet(input).catch(refuse);
    return taskSet as TaskSet;
  }

  async makePrimary(name: ServiceName, primaryTaskSet: string): Promise<void> {
    await this.client.updateServicePrimaryTaskSet({ ...name, primaryTaskSet }).catch(refuse);
  }

  async deleteTaskSet(name: ServiceName, taskSet: string): Promise<void> {
    await this.client.deleteTaskSet({ ...name, taskSet, force: true }).catch(refuse);
  }
}
