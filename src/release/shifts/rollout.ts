import { always } from "../always";
import { holdsAliasAlone } from "../functions/alias-variable";
import type { RolloutInFile } from "../schema/release";
import type { ReleaseFunction } from "../version";

/** How CodeDeploy shifts: by one of its own configurations, or by numbers. */
export type Shift =
  | { readonly kind: "predefined"; readonly config: string }
  | { readonly kind: "canary" | "linear"; readonly percent: number; readonly minutes: number };

/** How CodeDeploy moves traffic. */
export interface RolloutSettings {
  /** In how many steps, and how fast. */
  readonly shift: Shift;
  /** The events on which it moves it back by itself. */
  readonly rollbackOn: readonly string[];
}

/** The same with what only tasks have. */
export interface EcsRolloutSettings extends RolloutSettings {
  /** How long it waits for an operator before users are shifted, in minutes. @default - it goes on by itself */
  readonly waitMinutes?: number;
  /** How long the tasks of the version before are kept after the shift, in minutes. */
  readonly terminationMinutes: number;
}

/** What CodeDeploy calls what it deploys: the names of its configurations begin with it. */
export type CodeDeployPlatform = "Lambda" | "ECS";

/** @param inFile as `rolloutWithDefaults` gives it, and with one way to shift */
export function rolloutOf(inFile: RolloutInFile): RolloutSettings {
  const { canary, linear, rollbackOn } = inFile;
  if (canary !== undefined) return { shift: { kind: "canary", ...canary }, rollbackOn };
  if (linear !== undefined) return { shift: { kind: "linear", ...linear }, rollbackOn };
  return {
    shift: { kind: "predefined", config: `CodeDeployDefault.${always(inFile, "config")}` },
    rollbackOn,
  };
}

/** The deployment group that moves the alias of a function: each deployment moves one function. */
export function deploymentGroupName(
  release: string,
  { name, aliasVariable }: Pick<ReleaseFunction, "name" | "aliasVariable">,
): string {
  return holdsAliasAlone(aliasVariable) ? release : `${release}-${name}`;
}

/** The name of the role that CodeDeploy takes: no function, and so no function's role, has an underscore after that word. */
export function codeDeployRoleName(release: string): string {
  return `CodeDeploy_${release}`;
}
