import type { PlanJson } from "./plan-summary";

type Shares = ReadonlyMap<string, number>;

/**
 * The shares of users before and after a plan, 0 to 100, by the output `traffic`.
 *
 * @returns neither where the plan has no such output, as where CodeDeploy moves the users
 */
export function planShares({ output_changes: outputs }: PlanJson): {
  readonly before?: Shares;
  readonly after?: Shares;
} {
  const { before, after } = outputs?.["traffic"] ?? {};
  return { before: asMap(before), after: asMap(after) };
}

function asMap(shares: unknown): Shares | undefined {
  return shares === null || typeof shares !== "object" ? undefined : new Map(Object.entries(shares));
}
