import type { DeploymentInfo, LifecycleEvent } from "@aws-sdk/client-codedeploy";
import { waitOf } from "../../src/live/wait";

const groups = {
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 },
    terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
  },
} satisfies DeploymentInfo;
const ended = (status: LifecycleEvent["status"], minute: number): LifecycleEvent => ({
  status,
  endTime: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});
const testing = [ended("Succeeded", 1), ended("Succeeded", 2), { status: "Pending" } as const];
const shifted = [ended("Succeeded", 1), ended("Skipped", 7)];
const rollbackInfo = { rollbackTriggeringDeploymentId: "d-1" };
const withoutTermination = {
  blueGreenDeploymentConfiguration: {
    terminateBlueInstancesOnDeploymentSuccess: { terminationWaitTimeInMinutes: 0 },
  },
};

test.each<[string, DeploymentInfo, LifecycleEvent[], ReturnType<typeof waitOf>]>([
  [
    "for an operator",
    { ...groups, status: "Ready" },
    testing,
    { for: "operator", until: "2026-01-01T01:02:00.000Z" },
  ],
  [
    "for one, it does not say for how long",
    { status: "Ready" },
    testing,
    { for: "operator", until: undefined },
  ],
  [
    "with the tasks before",
    { ...groups, status: "InProgress" },
    shifted,
    { for: "termination", until: "2026-01-01T00:12:00.000Z" },
  ],
  [
    "with them, by another status",
    { ...groups, status: "Ready", instanceTerminationWaitTimeStarted: true },
    shifted,
    { for: "termination", until: "2026-01-01T00:12:00.000Z" },
  ],
  ["for nobody while it tests", { ...groups, status: "InProgress" }, testing, undefined],
  ["for nobody before its first event", { ...groups, status: "InProgress" }, [], undefined],
  [
    "for nobody when it is over",
    { ...groups, status: "Succeeded", instanceTerminationWaitTimeStarted: true },
    shifted,
    undefined,
  ],
  ["for nobody as a rollback", { ...groups, status: "InProgress", rollbackInfo }, shifted, undefined],
  ["for nobody where no tasks are kept", { ...withoutTermination, status: "InProgress" }, shifted, undefined],
  ["for nobody as an alias", { status: "InProgress" }, shifted, undefined],
])("CodeDeploy waits %s", (_, info, events, expected) => {
  expect(waitOf(info, events)).toEqual(expected);
});
