import type { Standing } from "../release/steps/standing";
import { planShares } from "./plan-shares";
import type { PlanJson } from "./plan-summary";

/** A version that a plan gives more users, and its shares in percent. */
export interface Gaining {
  readonly version: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The canary, or a version that takes over from the former one, where it gets more users. Where CodeDeploy moves the
 * alias there is no such output, and what is made from nothing takes users from nobody.
 */
export function gainingOf({ canary, stable, former }: Standing, plan: PlanJson): Gaining | undefined {
  const { before, after } = planShares(plan);
  if (before === undefined || after === undefined) return undefined;
  const moved = (version: string) => {
    const [from, to] = [before.get(version) ?? 0, after.get(version) ?? 0];
    return to > from ? { version, from, to } : undefined;
  };
  if (canary !== undefined) return moved(canary.version);
  // A rollback leaves no former version that had users.
  return former !== undefined && (before.get(former) ?? 0) > 0 ? moved(stable) : undefined;
}
