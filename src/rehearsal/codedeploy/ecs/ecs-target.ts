import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";
import { Fault } from "../fault";
import type { GroupSettings } from "../group";
import { ecsStages, type LifecycleEventName } from "../lifecycle";
import type { Course, Target, ToldOfTarget } from "../platform";
import { BlueGreen } from "./blue-green";
import type { EcsAppSpec } from "./ecs-app-spec";
import { describeService, EcsRollback, revisionOfBlue } from "./ecs-rollback";
import type { EcsSurroundings } from "./ecs-surroundings";
import { readyWaitMinutes } from "./ready-wait";
import { routeOf, type ServiceRoute } from "./service-route";

const steadyPollMs = 15_000;
/** https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html */
const steadyMinutes = 60;

/**
 * A service whose original task set gives way to a replacement:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
 */
export class EcsTarget implements Target {
  readonly id: string;
  readonly lifecycle = [
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
  ] as const;
  readonly waits = ["READY_WAIT", "TERMINATION_WAIT"] as const;
  private readonly route: ServiceRoute;
  /** @default - the service has not been found yet */
  private found?: BlueGreen;

  constructor(
    private readonly appSpec: EcsAppSpec,
    readonly hooks: Target["hooks"],
    private readonly group: GroupSettings,
    private readonly surroundings: EcsSurroundings,
  ) {
    this.route = routeOf(group);
    this.id = `${this.route.name.cluster}:${this.route.name.service}`;
  }

  get readsHooks(): boolean {
    return this.surroundings.readsHooks ?? false;
  }

  hookEvent(name: LifecycleEventName): object {
    const { serviceArn } = this.blueGreen;
    const targetServiceRevisionArn = `${serviceArn.replace(":service/", ":service-revision/")}/2`;
    const lifecycleStage = ecsStages[name];
    return { lifecycleStage, executionDetails: { serviceArn, targetServiceRevisionArn } };
  }

  get canRollBack(): boolean {
    return this.found?.hasGreen ?? false;
  }

  async check(): Promise<void> {
    this.found = await BlueGreen.find(this.route, this.surroundings);
  }

  async run(course: Course): Promise<void> {
    const { blueGreen } = this;
    await course.hook("BeforeInstall");
    await course.event("Install", () => this.install(course));
    await course.hook("AfterInstall");
    await course.event("AllowTestTraffic", () => blueGreen.listeners.routeTest("green"));
    await course.hook("AfterAllowTestTraffic");
    await this.untilReady(course);
    await course.hook("BeforeAllowTraffic");
    await course.event("AllowTraffic", async () => {
      await course.shift((percent) => blueGreen.listeners.shift(percent));
      await blueGreen.promote("green");
    });
    await course.hook("AfterAllowTraffic");
    await course.untilContinued("TERMINATION_WAIT", this.terminationMinutes);
    await blueGreen.remove("blue");
  }

  back() {
    const location = revisionOfBlue(this.blueGreen);
    return { location, target: new EcsRollback(this.id, this.blueGreen) };
  }

  describe(told: ToldOfTarget): DeploymentTarget {
    return describeService(told, this.found);
  }

  private get blueGreen(): BlueGreen {
    if (this.found !== undefined) return this.found;
    throw new Fault("INTERNAL_ERROR", "the service has not been looked at");
  }

  private async install(course: Course): Promise<void> {
    const { blueGreen } = this;
    await blueGreen.clear();
    await blueGreen.create(course.deploymentId, this.appSpec);
    for (let waitedMs = 0; !blueGreen.isSteady; waitedMs += steadyPollMs) {
      if (waitedMs >= steadyMinutes * 60_000) {
        throw new Fault(
          "TIMEOUT",
          "The deployment timed out while waiting for the replacement task set to become healthy. This time out " +
            `period is ${steadyMinutes} minutes.`,
        );
      }
      await course.sleep(steadyPollMs);
      await blueGreen.refresh();
    }
  }

  /** Where the group waits for a user before it shifts traffic. */
  private async untilReady(course: Course): Promise<void> {
    const minutes = readyWaitMinutes(this.group);
    if (minutes === undefined || (await course.untilContinued("READY_WAIT", minutes))) return;
    throw new Fault(
      "TIMEOUT",
      "The deployment timed out while waiting for a notification to continue. This time out period is " +
        `${minutes} minutes.`,
      true,
    );
  }

  private get terminationMinutes(): number {
    const { terminateBlueInstancesOnDeploymentSuccess: blue } =
      this.group.blueGreenDeploymentConfiguration ?? {};
    return blue?.terminationWaitTimeInMinutes ?? 0;
  }
}
