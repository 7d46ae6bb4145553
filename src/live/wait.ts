import type { DeploymentInfo, LifecycleEvent } from "@aws-sdk/client-codedeploy";

/** A wait of CodeDeploy's that a person may end: for that person, or for the end of the tasks of the version before. */
export interface Wait {
  readonly for: "operator" | "termination";
  /** When CodeDeploy ends it itself. @default - it does not tell */
  readonly until?: string;
}

/** What a deployment waits for now. @returns nothing where it goes on by itself, as a rollback does */
export function waitOf(info: DeploymentInfo, events: readonly LifecycleEvent[]): Wait | undefined {
  const { status = "", rollbackInfo } = info;
  const { deploymentReadyOption: ready, terminateBlueInstancesOnDeploymentSuccess: termination } =
    info.blueGreenDeploymentConfiguration ?? {};
  const isRollback = rollbackInfo?.rollbackTriggeringDeploymentId !== undefined;
  if (isRollback || !["InProgress", "Ready"].includes(status)) return undefined;
  const minutes = termination?.terminationWaitTimeInMinutes ?? 0;
  if (minutes > 0 && isShifted(info, events)) return { for: "termination", until: after(events, minutes) };
  if (status !== "Ready") return undefined;
  return { for: "operator", until: after(events, ready?.waitTimeInMinutes) };
}

/** CodeDeploy's own word for it is about instances: a service has had all of its events. */
function isShifted(
  { instanceTerminationWaitTimeStarted }: DeploymentInfo,
  events: readonly LifecycleEvent[],
): boolean {
  if (instanceTerminationWaitTimeStarted) return true;
  return events.length > 0 && events.every(({ status = "" }) => ["Succeeded", "Skipped"].includes(status));
}

/** CodeDeploy does not say when a wait began: that was when the last event ended. */
function after(events: readonly LifecycleEvent[], minutes: number | undefined): string | undefined {
  const ends = events.flatMap(({ endTime }) => (endTime === undefined ? [] : [endTime.getTime()]));
  if (minutes === undefined || ends.length === 0) return undefined;
  return new Date(Math.max(...ends) + minutes * 60_000).toISOString();
}
