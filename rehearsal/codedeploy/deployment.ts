import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  DeploymentInfo,
  DeploymentStatus,
  DeploymentTarget,
  ErrorInformation,
  LifecycleEvent,
  RollbackInfo,
  TargetStatus,
} from "@aws-sdk/client-codedeploy";
import { type Revision, withoutContent } from "./app-spec";
import type { Config } from "./configs";
import type { Group } from "./groups";

/** What a deployment was made with. */
export interface DeploymentOrder {
  readonly group: Group;
  readonly config: Config;
  readonly revision: Revision;
  readonly description?: string;
  readonly alarms?: AlarmConfiguration;
  /** Given with the deployment in place of the group's alarms. */
  readonly overrideAlarms?: AlarmConfiguration;
  readonly autoRollback?: AutoRollbackConfiguration;
  /** The deployment that this one rolls back. @default - a user made it */
  readonly rollsBack?: Deployment;
}

export type LifecycleEventName = "BeforeAllowTraffic" | "AllowTraffic" | "AfterAllowTraffic";

const lifecycle: readonly LifecycleEventName[] = ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"];

/** What is known of a deployment. It knows no clock: each change is told when it is. */
export class Deployment {
  status: DeploymentStatus = "Created";
  completeTime?: Date;
  rollbackInfo?: RollbackInfo;
  /** The target version's share in percent. */
  percent: number;
  aliasArn?: string;
  private startTime?: Date;
  private updateTime: Date;
  private error?: ErrorInformation;
  private events: LifecycleEvent[] = lifecycle.map((name) => ({
    lifecycleEventName: name,
    status: "Pending",
  }));
  /** Of the group when this deployment was made. */
  private readonly previous?: Deployment;

  constructor(
    readonly id: string,
    readonly order: DeploymentOrder,
    readonly createTime: Date,
  ) {
    this.updateTime = createTime;
    this.previous = order.group.lastSuccessful;
    this.percent = order.rollsBack === undefined ? 0 : 100 - order.rollsBack.percent;
  }

  get isOver(): boolean {
    return this.completeTime !== undefined;
  }

  get revision() {
    return withoutContent(this.order.revision.location);
  }

  get targetId(): string {
    const { functionName, alias } = this.order.revision.appSpec;
    return `${functionName}:${alias}`;
  }

  start(at: Date): void {
    this.status = "InProgress";
    this.startTime = at;
  }

  beginEvent(name: LifecycleEventName, at: Date): void {
    this.changeEvent(name, at, { status: "InProgress", startTime: at });
  }

  endEvent(name: LifecycleEventName, at: Date): void {
    this.changeEvent(name, at, { status: "Succeeded", endTime: at });
  }

  shift(percent: number, at: Date): void {
    this.percent = percent;
    this.updateTime = at;
  }

  /** Ends it; what it was at has failed, and what is left is skipped. */
  end(status: "Succeeded" | "Failed" | "Stopped", at: Date, error?: ErrorInformation): void {
    this.status = status;
    this.error = error;
    this.completeTime = at;
    this.updateTime = at;
    this.events = this.events.map((event) => {
      if (event.status === "Pending") return { ...event, status: "Skipped" };
      if (event.status !== "InProgress") return event;
      const diagnostics = { errorCode: "UnknownError", message: error?.message } as const;
      return { ...event, status: "Failed", endTime: at, diagnostics };
    });
  }

  info(): DeploymentInfo {
    const { group, config, description, autoRollback, overrideAlarms, rollsBack } = this.order;
    return {
      applicationName: group.application.name,
      deploymentGroupName: group.settings.deploymentGroupName,
      deploymentConfigName: config.deploymentConfigName,
      deploymentId: this.id,
      previousRevision: this.previous?.revision,
      revision: this.revision,
      status: this.status,
      errorInformation: this.error,
      createTime: this.createTime,
      startTime: this.startTime,
      completeTime: this.completeTime,
      deploymentOverview: this.overview(),
      description,
      creator: rollsBack === undefined ? "user" : "codeDeployRollback",
      ignoreApplicationStopFailures: false,
      updateOutdatedInstancesOnly: false,
      autoRollbackConfiguration: autoRollback,
      rollbackInfo: this.rollbackInfo,
      deploymentStyle: group.settings.deploymentStyle,
      instanceTerminationWaitTimeStarted: false,
      computePlatform: group.application.platform,
      overrideAlarmConfiguration: overrideAlarms,
    };
  }

  target(): DeploymentTarget {
    const { functionName, alias, currentVersion, targetVersion } = this.order.revision.appSpec;
    return {
      deploymentTargetType: "LambdaTarget",
      lambdaTarget: {
        deploymentId: this.id,
        targetId: this.targetId,
        targetArn: this.aliasArn,
        status: this.targetStatus(),
        lastUpdatedAt: this.updateTime,
        lifecycleEvents: this.events,
        lambdaFunctionInfo: {
          functionName,
          functionAlias: alias,
          currentVersion,
          targetVersion,
          targetVersionWeight: this.percent,
        },
      },
    };
  }

  private changeEvent(name: LifecycleEventName, at: Date, change: LifecycleEvent): void {
    this.updateTime = at;
    this.events = this.events.map((event) =>
      event.lifecycleEventName === name ? { ...event, ...change } : event,
    );
  }

  private targetStatus(): TargetStatus {
    if (this.status === "Created") return "Pending";
    if (this.status === "InProgress" || this.status === "Succeeded") return this.status;
    return this.events.some(({ status }) => status === "Failed") ? "Failed" : "Skipped";
  }

  /** There is none before the end. */
  private overview() {
    if (!this.isOver) return undefined;
    const none = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
    return { ...none, [this.targetStatus()]: 1 };
  }
}
