import { defaultPercent } from "./defaults";
import type { StepInFile } from "./schema/release";
import type { Standing } from "./standing";
import { canaryPercent } from "./traffic";

type Planned = Pick<Standing, "steps" | "canary">;

/** The share that a canary starts with: the first of the planned steps, or the default. */
export function firstPercent({ steps }: Pick<Standing, "steps">): number {
  return steps?.[0]?.percent ?? defaultPercent;
}

/** The share that the canary is planned to get after this one, `promote` after the last; nothing without a plan. */
export function followingStep({ steps, canary }: Planned): number | "promote" | undefined {
  if (steps === undefined || canary === undefined) return undefined;
  return steps.find(({ percent }) => percent > canaryPercent({ canary }))?.percent ?? "promote";
}

/** The planned step that the canary is at: the last one of its share or less; nothing before the first. */
export function stepNow({ steps, canary }: Planned): StepInFile | undefined {
  if (canary === undefined) return undefined;
  return steps?.findLast(({ percent }) => percent <= canaryPercent({ canary }));
}

/** Whether the canary leaves its step only when it is found as good as stable. */
export function needsVerdict(planned: Planned): boolean {
  return stepNow(planned)?.verdict === "as-good";
}

/**
 * Until when the canary keeps its share by the file's plan.
 *
 * @param live since when AWS gives it that share. @default - AWS does not say, and the file's time counts
 * @returns `unknown` where the file plans a bake time and does not tell when it began, `undefined` where it plans none
 */
export function bakesUntil({ steps, canary }: Planned, live?: Date): Date | "unknown" | undefined {
  const current = stepNow({ steps, canary });
  if (canary === undefined || current === undefined || current.bakeMinutes === 0) return undefined;
  if (canary.since === undefined) return "unknown";
  // A share is live after it was decided. Clocks may differ.
  const began = Math.max(Date.parse(canary.since), live?.getTime() ?? 0);
  return new Date(began + current.bakeMinutes * 60_000);
}
