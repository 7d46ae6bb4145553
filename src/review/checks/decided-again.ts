import type { Change } from "../change";
import { isContinued } from "../change";
import type { Finding } from "../finding";

/** A decision has the time at which it was made: with a later one, a version that was stopped gets its users again. */
export function checkDecidedAgain(change: Change): Finding[] {
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
