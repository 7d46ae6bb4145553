import type { DeploymentInfo, LifecycleEvent } from "@aws-sdk/client-codedeploy";

/** A wait of CodeDeploy's that a person may end: for him, or for the end of the tasks of the version before. */
export interface Wait {
  readonly for: "operator" | "termination";
  /** When CodeDeploy ends it itself. @default - it does not tell */
  readonly until?: string;
}

/** What a deployment waits for now. @returns nothing where it goes on by itself */
export function waitOf(info: DeploymentInfo, events: readonly LifecycleEvent[]): Wait | undefined {
  const {
    status,
    instanceTerminationWaitTimeStarted: isTerminating,
    blueGreenDeploymentConfiguration,
  } = info;
  const { deploymentReadyOption, terminateBlueInstancesOnDeploymentSuccess } =
    blueGreenDeploymentConfiguration ?? {};
  if (status !== "Ready" && !(status === "InProgress" && isTerminating)) return undefined;
  if (isTerminating)
    return {
      for: "termination",
      until: after(events, terminateBlueInstancesOnDeploymentSuccess?.terminationWaitTimeInMinutes),
    };
  return { for: "operator", until: after(events, deploymentReadyOption?.waitTimeInMinutes) };
}

/** CodeDeploy does not say when a wait began: that was when the last event ended. */
function after(events: readonly LifecycleEvent[], minutes: number | undefined): string | undefined {
  const ends = events.flatMap(({ endTime }) => (endTime === undefined ? [] : [endTime.getTime()]));
  if (minutes === undefined || ends.length === 0) return undefined;
  return new Date(Math.max(...ends) + minutes * 60_000).toISOString();
}
