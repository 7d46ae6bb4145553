import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  DeploymentInfo,
  DeploymentStatus,
  DeploymentTarget,
  DeploymentWaitType,
  ErrorInformation,
  LifecycleEvent,
  RevisionLocation,
  RollbackInfo,
  TargetStatus,
} from "@aws-sdk/client-codedeploy";
import { withoutContent } from "./app-spec";
import type { Config } from "./configs";
import type { Attempt, Group, GroupSettings } from "./group";
import type { LifecycleEventName } from "./lifecycle";
import type { Target } from "./platform";

/** What a deployment was made with. */
export interface DeploymentOrder {
  readonly group: Group;
  readonly config: Config;
  readonly location: RevisionLocation;
  readonly target: Target;
  readonly description?: string;
  readonly alarms?: AlarmConfiguration;
  /** Given with the deployment in place of the group's alarms. */
  readonly overrideAlarms?: AlarmConfiguration;
  readonly autoRollback?: AutoRollbackConfiguration;
  /** The deployment that this one rolls back. @default - a user made it */
  readonly rollsBack?: Deployment;
}

/** What is known of a deployment. It knows no clock: each change is told when it is. */
export class Deployment {
  status: DeploymentStatus = "Created";
  completeTime?: Date;
  rollbackInfo?: RollbackInfo;
  /** What it waits for until a user continues it. */
  waitsFor?: DeploymentWaitType;
  private terminationWaitStarted = false;
  private startTime?: Date;
  private updateTime: Date;
  private error?: ErrorInformation;
  private events: LifecycleEvent[];
  /** Of the group when this deployment was made. */
  private readonly previous?: Attempt;
  private readonly settings: GroupSettings;

  constructor(
    readonly id: string,
    readonly order: DeploymentOrder,
    readonly createTime: Date,
  ) {
    this.updateTime = createTime;
    this.previous = order.group.lastSuccessful;
    this.settings = order.group.settings;
    this.events = order.target.lifecycle.map((name) => ({ lifecycleEventName: name, status: "Pending" }));
  }

  get isOver(): boolean {
    return this.completeTime !== undefined;
  }

  get revision() {
    return withoutContent(this.order.location);
  }

  get targetId(): string {
    return this.order.target.id;
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

  /** Its target has changed. */
  change(at: Date): void {
    this.updateTime = at;
  }

  /** Waits until it is continued, or not any longer. */
  wait(wait: DeploymentWaitType | undefined, at: Date): void {
    this.waitsFor = wait;
    this.status = wait === "READY_WAIT" ? "Ready" : "InProgress";
    this.terminationWaitStarted ||= wait === "TERMINATION_WAIT";
    this.updateTime = at;
  }

  /** Ends it; what it was at has failed, and what is left is skipped. */
  end(status: "Succeeded" | "Failed" | "Stopped", at: Date, error?: ErrorInformation): void {
    this.status = status;
    this.error = error;
    this.waitsFor = undefined;
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
      deploymentStyle: this.settings.deploymentStyle,
      blueGreenDeploymentConfiguration: this.settings.blueGreenDeploymentConfiguration,
      loadBalancerInfo: this.settings.loadBalancerInfo,
      instanceTerminationWaitTimeStarted: this.terminationWaitStarted,
      computePlatform: group.application.platform,
      overrideAlarmConfiguration: overrideAlarms,
    };
  }

  target(): DeploymentTarget {
    return this.order.target.describe({
      deploymentId: this.id,
      targetId: this.targetId,
      status: this.targetStatus,
      lastUpdatedAt: this.updateTime,
      lifecycleEvents: this.events,
    });
  }

  private changeEvent(name: LifecycleEventName, at: Date, change: LifecycleEvent): void {
    this.updateTime = at;
    this.events = this.events.map((event) =>
      event.lifecycleEventName === name ? { ...event, ...change } : event,
    );
  }

  get targetStatus(): TargetStatus {
    const { status } = this;
    if (status === "Created") return "Pending";
    if (status === "InProgress" || status === "Ready" || status === "Succeeded") return status;
    return this.events.some(({ status }) => status === "Failed") ? "Failed" : "Skipped";
  }

  /** There is none while it is in progress. */
  private overview() {
    if (!this.isOver && this.status !== "Ready") return undefined;
    const none = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
    return { ...none, [this.targetStatus]: 1 };
  }
}
