import type { Metrics } from "../metrics";
import type { DrawnSubject, Subject } from "../subject";
import { ListenerShares } from "./listener-shares";
import { idleMs } from "./load-balancer";
import { LoadBalancerMetrics } from "./load-balancer-metrics";
import type { MovedService } from "./moved-service";
import { toldByEcs } from "./native-deployment";
import { type TaskRunner, TaskSets } from "./task-sets";

/** A service whose tasks CodeDeploy, or ECS itself, replaces. */
export class ServiceSubject implements Subject {
  readonly platform = "ECS";
  readonly told: Subject["told"];
  readonly name: string;
  readonly targetId: string;
  readonly fields: Subject["fields"];
  readonly resource: object;
  readonly answers = "answers";
  readonly kinds: Subject["kinds"] = ["500", "timeout"];
  readonly unseen = "below 500, or come of the load balancer itself";

  /** @param taskDefinition ARN of the new version's */
  constructor(
    private readonly service: MovedService,
    private readonly to: string,
    taskDefinition: string,
  ) {
    const { name, container, native } = service;
    this.told = native && toldByEcs;
    this.name = name.service;
    this.targetId = `${name.cluster}:${name.service}`;
    this.fields = { ...name };
    const { containerName: ContainerName, containerPort: ContainerPort } = container;
    const properties = {
      TaskDefinition: taskDefinition,
      LoadBalancerInfo: { ContainerName, ContainerPort },
    };
    this.resource = { TargetService: { Type: "AWS::ECS::Service", Properties: properties } };
  }

  timeoutMs(): number {
    return idleMs;
  }

  draw(metrics: Metrics, onMove: (percent: number) => Promise<void>): DrawnSubject {
    const { service, to } = this;
    const loadBalancerMetrics = new LoadBalancerMetrics(metrics);
    const loadBalancer = service.listeners[0]?.loadBalancer ?? "";
    return {
      endpoints: {
        ecs: new TaskSets(service, alwaysSteady),
        native: service.native,
        loadBalancer: new ListenerShares(service, { beforeMove: onMove }),
      },
      record: (version, { failure, tookMs }, count) => {
        const { suffix } = version === to ? service.green : service.blue;
        // Where a target is silent, the load balancer answers itself.
        const targetGroup = failure === "timeout" ? undefined : suffix;
        const status = failure === undefined ? 200 : failure === "timeout" ? 504 : 500;
        loadBalancerMetrics.record({ loadBalancer, targetGroup }, status, tookMs, count);
      },
    };
  }
}

const alwaysSteady: TaskRunner = {
  start: async () => {},
  isSteady: async () => true,
  stop: async () => {},
};
