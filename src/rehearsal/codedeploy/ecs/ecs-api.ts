import type { ErrorCode } from "@aws-sdk/client-codedeploy";
import { Fault, ServiceError } from "../fault";

/** A service within its cluster. */
export interface ServiceName {
  readonly cluster: string;
  readonly service: string;
}

/** How and where tasks run, as ECS writes it. */
export interface Placement {
  readonly launchType?: string;
  readonly capacityProviderStrategy?: readonly object[];
  readonly platformVersion?: string;
  readonly networkConfiguration?: object;
  readonly serviceRegistries?: readonly object[];
}

/** By which container the tasks of a task set are in a target group. */
export interface TaskSetTargets {
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
export interface TaskSet extends Placement {
  readonly id: string;
  readonly taskSetArn: string;
  /** PRIMARY, ACTIVE or DRAINING. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly loadBalancers: readonly TaskSetTargets[];
  /** STEADY_STATE or STABILIZING. */
  readonly stabilityStatus?: string;
  readonly computedDesiredCount?: number;
  readonly pendingCount?: number;
  readonly runningCount?: number;
}

/** A service with its task sets. */
export interface EcsService extends Placement {
  readonly serviceArn: string;
  readonly deploymentController?: { readonly type?: string };
  readonly taskSets: readonly TaskSet[];
}

/** What a new task set is made of. */
export interface TaskSetOrder extends Placement {
  /** The deployment that it is for. */
  readonly externalId: string;
  readonly taskDefinition: string;
  readonly loadBalancers: readonly TaskSetTargets[];
}

/** What deployments ask of ECS. @throws EcsError on what ECS refuses */
export interface EcsApi {
  service(name: ServiceName): Promise<EcsService>;
  /** With as many tasks as the service wants. */
  createTaskSet(name: ServiceName, order: TaskSetOrder): Promise<TaskSet>;
  makePrimary(name: ServiceName, taskSetArn: string): Promise<void>;
  /** Also one whose tasks run. */
  deleteTaskSet(name: ServiceName, taskSetArn: string): Promise<void>;
}

/** What ECS refuses. */
export class EcsError extends ServiceError {
  get fault(): Fault {
    return new Fault(
      faultCodes[this.code] ?? "ECS_UPDATE_ERROR",
      `The ECS service cannot be updated due to an unexpected error: ${this.message} (${this.code}). ` +
        "Check your ECS service status.",
    );
  }
}

const faultCodes: Readonly<Record<string, ErrorCode>> = {
  ClusterNotFoundException: "INVALID_ECS_SERVICE",
  ServiceNotFoundException: "INVALID_ECS_SERVICE",
  ServiceNotActiveException: "INVALID_ECS_SERVICE",
  AccessDeniedException: "IAM_ROLE_PERMISSIONS",
  ThrottlingException: "THROTTLED",
};
