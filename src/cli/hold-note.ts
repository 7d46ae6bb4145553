import type { Change } from "../release/files/change";
import { heldText } from "../release/steps/held";
import { standingOf } from "../release/steps/standing";

/** Whether a change holds the canary, or releases it, or moves it while it is held. */
export function holdNote({ read, after }: Change): string | undefined {
  const [before, then] = [heldText(read.context.file), heldText(standingOf(after))];
  if (then !== undefined) return then;
  return before === undefined ? undefined : `ended (${before})`;
}
