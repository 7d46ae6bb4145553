import type { Standing } from "../release/standing";
import type { PlanJson } from "./plan-summary";

type Shares = Readonly<Record<string, number>>;

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
export function gainingOf(
  { canary, stable, former }: Standing,
  { output_changes: outputs }: PlanJson,
): Gaining | undefined {
  const { before, after } = (outputs?.["traffic"] ?? {}) as { before?: Shares | null; after?: Shares };
  if (!before || !after) return undefined;
  const moved = (version: string) => {
    const [from, to] = [before[version] ?? 0, after[version] ?? 0];
    return to > from ? { version, from, to } : undefined;
  };
  if (canary !== undefined) return moved(canary.version);
  // A rollback leaves no former version that had users.
  return former !== undefined && (before[former] ?? 0) > 0 ? moved(stable) : undefined;
}
