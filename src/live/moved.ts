import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { CodedeployAliasRelease } from "../release/strategies/codedeploy-alias";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import type { AppSpec } from "./app-spec";
import type { Deployments } from "./deployments";
import type { ShiftProgress, ShiftReader } from "./sight";

/** What keeps CodeDeploy from being asked: nothing was changed. */
export class CannotStart extends Error {}

/** A release whose users CodeDeploy moves. */
export type MovedRelease = CodedeployAliasRelease | EcsBlueGreenRelease;

/** Another version for what one deployment moves. */
export interface PlannedMove {
  /** What is moved: `shop-dev:live`. */
  readonly what: string;
  /** What serves now, as AWS calls it. */
  readonly from: string;
  readonly to: string;
  readonly appSpec: Omit<AppSpec, "hooks">;
}

/** What is a compute platform's own of a shift. */
export interface Platform {
  /** How its targets tell a shift. */
  readonly shiftOf: ShiftReader;
  /** What serves all users now, as AWS calls it. @throws {CannotStart} where users are not all at one version */
  serving(group: DeploymentGroupInfo): Promise<string>;
  /**
   * @param version as the file calls it
   * @returns nothing where it serves that already
   * @throws {CannotStart} where nothing can be moved there
   */
  moveTo(version: string, from: string): Promise<PlannedMove | undefined>;
  /** What takes back a shift that has succeeded. @returns nothing where it no longer serves that */
  backFrom?(shift: ShiftProgress): Promise<PlannedMove | undefined>;
  /** What is wrong after a shift that has neither succeeded nor been moved back: nothing, perhaps. */
  leftBehind(shift: ShiftProgress, group: DeploymentGroupInfo): Promise<string | undefined>;
}

/** What one deployment group moves: the alias of a function, or the service of containers. */
export interface Part {
  /** Name of the function, or of the service. */
  readonly name: string;
  readonly platform: Platform;
  readonly deployments: Deployments;
}

/** All that moves with a release. */
export interface Moved {
  /** What serves users, in a message: `live`. */
  readonly server: string;
  readonly parts: readonly Part[];
  /**
   * The version of the file that these parts make together.
   *
   * @param served by part, what AWS calls it
   * @param isMoved whether they were moved there. @default false
   */
  versionOf(served: Readonly<Record<string, string>>, isMoved?: boolean): string;
}
