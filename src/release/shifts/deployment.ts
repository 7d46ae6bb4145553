import { counted } from "../counted";
import type { DeploymentInFile } from "../schema/release";

/** How ECS moves users to another version: at once, or by shares in percent and the minutes between them. */
export type NativeShift =
  | { readonly kind: "all at once" }
  | { readonly kind: "canary" | "linear"; readonly percent: number; readonly minutes: number };

/** How ECS moves users, and how long it can move them back at once. */
export interface DeploymentSettings {
  /** All at once, in steps, or a canary first. */
  readonly shift: NativeShift;
  /** How long the tasks of the version before are kept after the shift, in minutes. */
  readonly bakeMinutes: number;
}

/** What a file has that says nothing of it: the shift of CodeDeploy's default. */
const defaultCanary = { percent: 10, minutes: 5 };

/** The `deployment` of a file with one way to shift. */
export function deploymentWithDefaults(given: DeploymentInFile): DeploymentInFile {
  const { canary, linear, allAtOnce } = given;
  const isWayGiven = canary !== undefined || linear !== undefined || allAtOnce;
  return isWayGiven ? given : { ...given, canary: defaultCanary };
}

/** @param inFile as `deploymentWithDefaults` gives it, and with one way to shift */
export function deploymentOf({ canary, linear, bakeMinutes }: DeploymentInFile): DeploymentSettings {
  if (canary !== undefined) return { shift: { kind: "canary", ...canary }, bakeMinutes };
  if (linear !== undefined) return { shift: { kind: "linear", ...linear }, bakeMinutes };
  return { shift: { kind: "all at once" }, bakeMinutes };
}

/** `10 %, the rest after 5 minutes` */
export function shiftText(shift: NativeShift): string {
  if (shift.kind === "all at once") return "all users at once";
  const { kind, percent, minutes } = shift;
  const many = counted(minutes, "minute");
  return kind === "canary" ? `${percent} %, the rest after ${many}` : `${percent} % more every ${many}`;
}

/** The name of the role that ECS takes to turn the load balancer and call hooks: no function's role has an underscore after that word. */
export function ecsRoleName(release: string): string {
  return `EcsDeployment_${release}`;
}
