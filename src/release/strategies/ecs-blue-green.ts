import { targetGroups } from "../alarms/alarm-scopes";
import { watchedScope } from "../alarms/watched";
import { always } from "../always";
import { type Hooks, hooksOf } from "../functions/hooks";
import type { ReleaseOf } from "../release-base";
import { versionsInFile } from "../release-context";
import type { ContainerVersion, EcsSettings } from "../shifts/ecs";
import { type EcsRolloutSettings, rolloutOf } from "../shifts/rollout";
import type { Canary } from "../version";
import { byCodeDeploy, whyNoGuard } from "./by-codedeploy";
import { pointedAt } from "./pointed-at";
import type { StrategyModel } from "./strategy-model";

/** Containers behind a load balancer, whose users CodeDeploy moves from one version's tasks to the next's. */
export interface EcsBlueGreenRelease extends ReleaseOf<"ecs-blue-green", "container", ContainerVersion> {
  /** The version that CodeDeploy is to move users to. @default - none */
  readonly canary?: Pick<Canary<ContainerVersion>, "version" | "since">;
  /** The service, its load balancer and its network. */
  readonly ecs: EcsSettings;
  /** How CodeDeploy shifts, and how long it waits. */
  readonly rollout: EcsRolloutSettings;
  /** Whom it asks. */
  readonly hooks: Hooks;
}

export const ecsBlueGreen: StrategyModel<EcsBlueGreenRelease> = {
  versionKind: "container",
  movedBy: "codedeploy",
  trial: "canary",
  fields: ["canary", "ecs", "hooks", "rollout", "verdict"],
  versionFields: ["container"],
  whyNot: { steps: byCodeDeploy, ...whyNoGuard },
  alarmScopes: targetGroups,
  answersScopes: [],
  watched: ({ name }) => targetGroups.map((scope) => watchedScope(name, scope)),
  resolve: ({ context, service }) => {
    const { file } = context;
    const inFile = Object.entries(versionsInFile(file)).flatMap(([name, { container }]) =>
      container === undefined ? [] : [{ name, container }],
    );
    const { versions, stable, former, canary } = pointedAt(file, inFile);
    const rollout = always(file, "rollout");
    return {
      ...service,
      strategy: "ecs-blue-green",
      versionKind: "container",
      versions,
      stable,
      former,
      canary: canary && { version: canary.version, since: canary.since },
      ecs: always(file, "ecs"),
      rollout: {
        ...rolloutOf(rollout),
        waitMinutes: rollout.waitMinutes,
        terminationMinutes: always(rollout, "terminationMinutes"),
      },
      hooks: hooksOf(context),
    };
  },
};
