import { targetGroups } from "../alarms/alarm-scopes";
import { watchedScope } from "../alarms/watched";
import { always } from "../always";
import { type Hooks, hooksOf } from "../functions/hooks";
import type { ReleaseOf } from "../release-base";
import { versionsInFile } from "../release-context";
import { type DeploymentSettings, deploymentOf } from "../shifts/deployment";
import type { ContainerVersion, EcsSettings } from "../shifts/ecs";
import { pointedAt } from "./pointed-at";
import type { StrategyModel } from "./strategy-model";

/** Containers behind a load balancer, whose users ECS itself moves from one version's tasks to the next's. */
export interface EcsNativeRelease extends ReleaseOf<"ecs-native", "container", ContainerVersion> {
  /** The service, its load balancer and its network. */
  readonly ecs: EcsSettings;
  /** How ECS shifts, and how long it keeps the tasks of the version before. */
  readonly deployment: DeploymentSettings;
  /** Whom it asks. */
  readonly hooks: Hooks;
}

const byEcs = "ECS shifts users to a new 'stable' version, as 'deployment' configures";
const takesBack = "ECS itself takes a bad version back, by the file's 'alarms'";

export const ecsNative: StrategyModel<EcsNativeRelease> = {
  versionKind: "container",
  movedBy: "ecs",
  // The first with linear and canary: https://github.com/hashicorp/terraform-provider-aws/pull/44842
  providerSince: "6.21.0",
  trial: "canary",
  fields: ["deployment", "ecs", "hooks", "verdict"],
  versionFields: ["container"],
  whyNot: { canary: byEcs, steps: byEcs, rollout: byEcs, guard: takesBack, stableSince: takesBack },
  alarmScopes: targetGroups,
  answersScopes: [],
  watched: ({ name }) => targetGroups.map((scope) => watchedScope(name, scope)),
  resolve: ({ context, service }) => {
    const { file } = context;
    const inFile = Object.entries(versionsInFile(file)).flatMap(([name, { container }]) =>
      container === undefined ? [] : [{ name, container }],
    );
    const { versions, stable, former } = pointedAt(file, inFile);
    return {
      ...service,
      strategy: "ecs-native",
      versionKind: "container",
      versions,
      stable,
      former,
      ecs: always(file, "ecs"),
      deployment: deploymentOf(always(file, "deployment")),
      hooks: hooksOf(context),
    };
  },
};
