import { defaultPercent } from "../defaults";
import type { StepInFile } from "../schema/release";
import { canaryPercent } from "../traffic";
import type { Standing } from "./standing";

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

/** A planned step, and where the canary is: at it, beyond it, or before it. */
export interface StepState extends StepInFile {
  /** `now` where the canary is at this step. */
  readonly is: "done" | "now" | "ahead";
}

/** The planned steps; without a canary all of them are ahead. */
export function stepsOf({ steps = [], canary }: Planned): StepState[] {
  const current = stepNow({ steps, canary });
  const isBehind = ({ percent }: StepInFile) => canary !== undefined && percent < canaryPercent({ canary });
  return steps.map((step) => ({
    ...step,
    is: step === current ? "now" : isBehind(step) ? "done" : "ahead",
  }));
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
  return new Date(shareSince(canary.since, live).getTime() + current.bakeMinutes * 60_000);
}

/**
 * Since when a canary has its share. A share is live after it was decided; clocks may differ.
 *
 * @param inFile `canary.since`
 * @param live since when AWS gives it that share. @default - AWS does not say
 */
export function shareSince(inFile: string, live?: Date): Date {
  return new Date(Math.max(Date.parse(inFile), live?.getTime() ?? 0));
}
