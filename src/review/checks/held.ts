import { isDeepStrictEqual } from "node:util";
import { heldText } from "../../release/steps/held";
import { type Change, isContinued } from "../change";
import type { Finding } from "../finding";

/** A version that somebody holds gets no more users, and no other one takes its place. */
export function checkHeld(change: Change): Finding[] {
  if (!isContinued(change)) return [];
  const { base, head } = change;
  const { canary } = base.standing;
  const held = heldText(base.standing);
  if (canary === undefined || held === undefined) return [];
  const [before = 0, after = 0] = [base, head].map(({ traffic }) => traffic.get(canary.version));
  const isReleased =
    head.standing.canary?.version === canary.version &&
    !isDeepStrictEqual(head.standing.canary.hold, canary.hold);
  const isReplaced = (head.standing.canary?.version ?? canary.version) !== canary.version;
  if (!isReplaced && (after <= before || isReleased)) return [];
  const message = `${held}; run 'release' before it gets more users`;
  return [{ check: "held", place: head.place(["canary"]), message }];
}
