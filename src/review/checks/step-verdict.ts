import { needsVerdict } from "../../release/steps/steps";
import { type Change, isContinued } from "../change";
import type { Finding } from "../finding";
import { raised } from "../planned-steps";
import { isMove, versionText } from "../step";

/**
 * The verdict that a step waits for is asked when the change is deployed, by the steps of the file then: a change that
 * takes it out of them does not leave that step too.
 */
export function checkStepVerdict(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const { base, head, steps } = change;
  const { canary } = base.standing;
  if (canary === undefined || !needsVerdict(base.standing)) return [];
  if (needsVerdict({ steps: head.standing.steps, canary })) return [];
  return steps
    .filter((step) => isMove(step) && raised(change, step)?.version === canary.version)
    .map((step) => ({
      check: "step skipped",
      place: head.place(step.field),
      message: `${versionText(canary.version)} waits for the verdict at ${canary.percent} % in ${change.ref}, and 'steps' does not ask for it any more: make two changes`,
    }));
}
