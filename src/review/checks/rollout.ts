import { followingStep } from "../../release/steps/steps";
import { modelOf } from "../../release/strategies/strategies";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import type { Finding } from "../finding";
import { planned, raised } from "../planned-steps";
import type { Side } from "../side";
import { isMove, type Step, versionText } from "../step";

/** Users meet a new version step by step, and one thing at a time. */
export function checkRollout(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  return change.steps
    .filter(isMove)
    .flatMap((step) => [
      ...skippedStep(change, step),
      ...twoPointers(change, step),
      ...hotfixDefinition(change, step),
    ])
    .concat(prunedInUse(change));
}

function skippedStep(change: Continued, step: Step): Finding[] {
  const more = raised(change, step);
  const steps = planned(change);
  if (more === undefined || steps === undefined) return [];
  const { version, from, to } = more;
  const following = followingStep({ steps, canary: { version, percent: from } });
  const isPromotion = change.head.standing.stable === version;
  if (following === "promote" ? isPromotion : following === undefined || to <= following) return [];
  const next = following === "promote" ? "promote" : `${following} %`;
  const message = `the planned step after ${from} % is ${next}, but ${versionText(version)} gets ${to} %`;
  return [{ check: "step skipped", place: change.head.place(step.field), message }];
}

function twoPointers({ head }: Continued, step: Step): Finding[] {
  if (step.kind !== "two moves") return [];
  const message = `the stable version and the canary move in one change (${step.shownBy}): move one at a time, so that each can be rolled back`;
  return [{ check: "two pointers", place: head.place(step.field), message }];
}

function hotfixDefinition({ base, head }: Continued, step: Step): Finding[] {
  const { stable } = head.standing;
  if (step.kind !== "hotfix" || head.fingerprintOf(stable) === base.fingerprintOf(base.standing.stable))
    return [];
  const message = `${versionText(stable)} has another API definition than ${versionText(base.standing.stable)} and brings it to all users but the canary's at once`;
  return [{ check: "hotfix definition", place: head.place(step.field), message }];
}

function prunedInUse({ base, head, steps }: Continued): Finding[] {
  const { stable, canary } = base.standing;
  return steps
    .filter(({ kind, version }) => kind === "prune" && [stable, canary?.version].includes(version))
    .map(({ version = "" }) => ({
      check: "pruned in use" as const,
      place: head.place(["versions"]),
      message: `prunes ${versionText(version)}, which serves ${base.traffic.get(version)} % until this is applied: ${whyMoveFirst(base, version)}`,
    }));
}

/** API Gateway deletes no deployment that the canary of a stage names, and a canary goes some seconds after its call. */
function whyMoveFirst({ release, standing }: Side, version: string): string {
  if (modelOf(release).deploymentOf !== "version" || version !== standing.canary?.version)
    return "move its traffic first";
  return "drop the canary first, because API Gateway refuses to delete a deployment that a canary still names";
}
