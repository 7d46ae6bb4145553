import type { Change } from "../change";
import { isContinued } from "../change";
import type { Finding } from "../finding";

/** A decision has the time at which it was made: with a later one, a version that was stopped gets its users again. */
export function checkDecidedAgain(change: Change): Finding[] {
  return [...decidedAgain(change), ...decidedAhead(change)];
}

function decidedAgain(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const [before, after] = [change.base.standing, change.head.standing];
  const [old, now] = [before.stableSince, after.stableSince];
  if (before.stable !== after.stable || old === now) return [];
  const message =
    old === undefined
      ? `'stableSince' is ${now} and was not given before: a stop before that time does not hold`
      : `'stableSince' changes from ${old} to ${now ?? "none"}, but the stable version is the same: a later time lifts a stop of it`;
  const place = change.head.place(["stableSince"]);
  return [{ check: "decided again", place, message, isNote: old === undefined }];
}

/** Clocks of people and of what reviews differ by less. */
const skewMs = 10 * 60_000;

/** Nobody has decided later than now. Until that time nothing that a guard stops would stay stopped. */
function decidedAhead({ head, now }: Change): Finding[] {
  if (head === undefined || head.release.guard === undefined) return [];
  const { stableSince, canary } = head.standing;
  const fields = [
    [["stableSince"], stableSince],
    [["canary", "since"], canary?.since],
  ] as const;
  return fields.flatMap(([field, since]): Finding[] => {
    if (since === undefined || Date.parse(since) <= now.getTime() + skewMs) return [];
    const message = `'${field.join(".")}' is ${since}, which is yet to come: until then a stop of that version does not hold`;
    return [{ check: "decided again", place: head.place(field), message }];
  });
}
