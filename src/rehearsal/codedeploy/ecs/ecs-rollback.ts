import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";
import { revisionOf } from "../app-spec";
import type { Course, Target, ToldOfTarget } from "../platform";
import type { BlueGreen } from "./blue-green";
import { resourceType } from "./ecs-app-spec";

/**
 * Sends all traffic back to the original task set, and takes the replacement away:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html#deployment-rollback-ecs
 */
export class EcsRollback implements Target {
  /** AWS does not tell which events a rollback has: these are the ones of traffic. */
  readonly lifecycle = ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"] as const;
  readonly hooks = {};
  readonly waits = [];
  readonly canRollBack = false;

  constructor(
    readonly id: string,
    private readonly blueGreen: BlueGreen,
  ) {}

  async check(): Promise<void> {}

  async run(course: Course): Promise<void> {
    const { blueGreen } = this;
    await course.hook("BeforeAllowTraffic");
    await course.event("AllowTraffic", async () => {
      await blueGreen.listeners.routeTest("blue");
      await blueGreen.listeners.shift(0);
      await blueGreen.promote("blue");
    });
    await course.hook("AfterAllowTraffic");
    await blueGreen.remove("green");
  }

  /** The same again: a rollback is not rolled back. */
  back(): ReturnType<Target["back"]> {
    return { location: revisionOfBlue(this.blueGreen), target: this };
  }

  describe(told: ToldOfTarget): DeploymentTarget {
    return describeService(told, this.blueGreen);
  }
}

/** The revision that blue was made of, as far as the task set tells. */
export function revisionOfBlue({ original }: BlueGreen) {
  const [container] = original.loadBalancers;
  return revisionOf("TargetService", resourceType, {
    TaskDefinition: original.taskDefinition,
    LoadBalancerInfo: { ContainerName: container?.containerName, ContainerPort: container?.containerPort },
  });
}

/** @param blueGreen @default - the service has not been found yet */
export function describeService(told: ToldOfTarget, blueGreen: BlueGreen | undefined): DeploymentTarget {
  return {
    deploymentTargetType: "ECSTarget",
    ecsTarget: { ...told, targetArn: blueGreen?.serviceArn, taskSetsInfo: blueGreen?.describe() },
  };
}
