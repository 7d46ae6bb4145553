import { bakeTimeOf } from "../../release/steps/bake-time";
import { bakesUntil } from "../../release/steps/steps";
import { modelOf } from "../../release/strategies/strategies";
import { canaryPercent } from "../../release/traffic";
import type { Change, Continued } from "../change";
import { isContinued } from "../change";
import type { Check, Finding } from "../finding";
import { planned, raised } from "../planned-steps";
import type { Side } from "../side";
import { isMove, type Step, versionText } from "../step";

/** A version keeps its share as long as it is planned, counted from a time that nobody moves. */
export function checkBakeTime(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const moves = change.steps.filter(isMove);
  return [...moves.flatMap((step) => bakeTime(change, step)), ...sinceOfShare(change)];
}

/** Whether a change ends a bake time, so that it matters since when the share is live. */
export function endsBakeTime(change: Change): change is Continued {
  return (
    isContinued(change) &&
    change.steps.filter(isMove).some((step) => isRaised(change, step)) &&
    bakesUntil({ steps: planned(change), canary: change.base.standing.canary }) !== undefined
  );
}

function isRaised(change: Continued, step: Step): boolean {
  const before = change.base.standing.canary;
  return before !== undefined && raised(change, step)?.version === before.version;
}

function bakeTime(change: Continued, step: Step): Finding[] {
  const { base, head, now } = change;
  const before = base.standing.canary;
  if (before === undefined || !isRaised(change, step)) return [];
  const until = bakesUntil({ steps: planned(change), canary: before });
  const place = head.place(step.field);
  if (until === "unknown") {
    const message = `it is unknown when the bake time at ${canaryPercent({ canary: before })} % began: ${base.path} of ${change.ref} has no 'canary.since'`;
    return [{ check: "bake time", place, message }];
  }
  if (until === undefined) return [];
  const { canary } = head.standing;
  const written = canary?.since === before.since ? undefined : canary?.since;
  // Nobody can have shifted later than now.
  const shifted = new Date(
    Math.min(now.getTime(), written === undefined ? now.getTime() : Date.parse(written)),
  );
  if (shifted >= until) return bakeTimeInAws(change, before, place);
  const minutes = Math.ceil((until.getTime() - shifted.getTime()) / 60_000);
  const message = `${versionText(before.version)} must stay at ${canaryPercent({ canary: before })} % until ${inMinutes(until)}, but moves on ${minutes} min before that`;
  return [{ check: "bake time", place, message }];
}

/**
 * By the file it is over: what counts then is how long AWS has had the share live. Where AWS was asked, a note says
 * what the time was counted from.
 */
function bakeTimeInAws(
  change: Continued,
  canary: NonNullable<Side["standing"]["canary"]>,
  place: string,
): Finding[] {
  const { live, now, ref } = change;
  if (live === undefined || canary.since === undefined) return [];
  const found = (message: string, isNote = false): Finding[] => [
    { check: "bake time", place, message, isNote },
  ];
  const version = versionText(canary.version);
  const baking = bakeTimeOf({ steps: planned(change), canary }, live);
  if (baking === undefined || baking.is === "unknown") return [];
  const { percent } = baking;
  if (baking.is === "not live")
    return found(`${version} must bake at ${percent} %, but ${ref} is not live: ${baking.why}`);
  const { until, counted } = baking;
  if (until > now) return found(`${version} must stay at ${percent} % until ${inMinutes(until)}: ${counted}`);
  return found(`the bake time of ${version} is over: ${counted}`, true);
}

function inMinutes(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`;
}

/** A time that is earlier than the share it belongs to would end the bake time early. */
function sinceOfShare({ base, head }: Continued): Finding[] {
  const [before, after] = [base.standing.canary, head.standing.canary];
  if (before === undefined || after === undefined) return [];
  const place = head.place(["canary", "since"]);
  const [old, now] = [before.since, after.since];
  const found = (message: string, isNote = false, check: Check = "bake time"): Finding[] => [
    { check, place, message, isNote },
  ];
  const isSameVersion = before.version === after.version;
  const isSameShare =
    modelOf(head.release).movedBy === "codedeploy" ||
    canaryPercent({ canary: before }) === canaryPercent({ canary: after });
  if (isSameVersion && isSameShare) {
    if (old === now) return [];
    if (old === undefined)
      return found(`'canary.since' is ${now} and was not given before: the bake time counts from it`, true);
    // A guard's stop ends at a later decision, which no skipped step is.
    const check = head.release.guard === undefined ? "bake time" : "decided again";
    const message = `'canary.since' changes from ${old} to ${now ?? "none"}, but the share is the same`;
    return found(message, false, check);
  }
  if (old === undefined || now === undefined || Date.parse(now) > Date.parse(old)) return [];
  const until = bakesUntil({ steps: head.standing.steps, canary: after });
  if (until === undefined) return [];
  const share = `${isSameVersion ? "" : `${versionText(before.version)} at `}${canaryPercent({ canary: before })} %`;
  return found(
    `'canary.since' is ${now}, but ${share} began at ${old}: the bake time at ${canaryPercent({ canary: after })} % would begin before that share`,
  );
}
