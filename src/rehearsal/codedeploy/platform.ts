import type {
  ComputePlatform,
  DeploymentTarget,
  DeploymentWaitType,
  LifecycleEvent,
  RevisionLocation,
  TargetStatus,
} from "@aws-sdk/client-codedeploy";
import type { AppSpec } from "./app-spec";
import type { GroupSettings } from "./group";
import type { LifecycleEventName } from "./lifecycle";

/** A compute platform that CodeDeploy deploys to. */
export interface Platform {
  /** @throws ApiError where the AppSpec is not one of this platform's, or not for that group */
  target(appSpec: AppSpec, group: GroupSettings): Target;
}

/** The platforms that there are endpoints for. */
export type Platforms = Readonly<Partial<Record<ComputePlatform, Platform>>>;

/** What one deployment deploys to, and how: the part of it that is its compute platform's own. */
export interface Target {
  readonly id: string;
  readonly lifecycle: readonly LifecycleEventName[];
  /** The function of each hook, by name or ARN. */
  readonly hooks: AppSpec["hooks"];
  /** Whether hooks answer by what they return, as ECS itself asks them. @default - they report to CodeDeploy */
  readonly readsHooks?: boolean;
  /** What ECS itself tells a hook of a moment. @default - CodeDeploy asks */
  hookEvent?(name: LifecycleEventName): object;
  /** What a user may end by continuing the deployment. */
  readonly waits: readonly DeploymentWaitType[];
  /** Whether it has begun to change what would have to be rolled back. */
  readonly canRollBack: boolean;
  /** @param gradually whether traffic is shifted in several steps. @throws Fault where it cannot be deployed to */
  check(gradually: boolean): Promise<void>;
  run(course: Course): Promise<void>;
  /** What takes all of that back, without hooks. */
  back(): { readonly location: RevisionLocation; readonly target: Target };
  /** As CodeDeploy tells it. */
  describe(told: ToldOfTarget): DeploymentTarget;
}

/** What each platform tells of a target. */
export interface ToldOfTarget {
  readonly deploymentId: string;
  readonly targetId: string;
  readonly status: TargetStatus;
  readonly lastUpdatedAt: Date;
  readonly lifecycleEvents: LifecycleEvent[];
}

/** What a target asks of the deployment that it runs in. All of it throws what ends the deployment early. */
export interface Course {
  readonly deploymentId: string;
  event(name: LifecycleEventName, work: () => Promise<void>): Promise<void>;
  /** The function of that event says whether it may go on. */
  hook(name: LifecycleEventName): Promise<void>;
  /** Calls for each share in percent as the deployment's configuration says. */
  shift(to: (percent: number) => Promise<void>): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** @returns whether a user has ended the wait before its time */
  untilContinued(wait: DeploymentWaitType, minutes: number): Promise<boolean>;
}
