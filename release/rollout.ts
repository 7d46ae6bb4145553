import { rollbackEvents } from "./rollout-schema";
import type { RolloutInFile } from "./schema";

/** How CodeDeploy shifts: by one of its own configurations, or by numbers. */
export type Shift =
  | { readonly kind: "predefined"; readonly config: string }
  | { readonly kind: "canary" | "linear"; readonly percent: number; readonly minutes: number };

/** How CodeDeploy moves an alias. */
export interface RolloutSettings {
  readonly shift: Shift;
  /** The events on which it moves the alias back by itself. */
  readonly rollbackOn: readonly string[];
}

export function rolloutOf(inFile: Partial<RolloutInFile> = {}): RolloutSettings {
  const { config = "LambdaCanary10Percent5Minutes", canary, linear, rollbackOn = rollbackEvents } = inFile;
  if (canary !== undefined) return { shift: { kind: "canary", ...canary }, rollbackOn };
  if (linear !== undefined) return { shift: { kind: "linear", ...linear }, rollbackOn };
  return { shift: { kind: "predefined", config: `CodeDeployDefault.${config}` }, rollbackOn };
}

/** The name of the role that CodeDeploy takes: no function, and so no function's role, has an underscore after that word. */
export function codeDeployRoleName(release: string): string {
  return `CodeDeploy_${release}`;
}
