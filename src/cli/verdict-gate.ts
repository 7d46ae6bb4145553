import { refuseUnlessAsGood } from "../live/verdict-gate";
import { verdictNow } from "../live/verdict-now";
import type { Change } from "../release/files/change";
import { standingOf } from "../release/steps/standing";
import { needsVerdict } from "../release/steps/steps";

/** What lets a verb pass without a verdict. */
const way = "use --skip";

/**
 * Refuses a change that gives the canary more users than its step, where that waits for a verdict and the canary is
 * not found as good as stable. The AWS SDK is loaded with the question.
 *
 * @returns the answer, as people read it; nothing where no verdict is asked for
 * @throws {Refusal} while it is worse, or not enough is known yet
 * @throws {Unable} where AWS cannot be asked
 */
export async function stopUnlessAsGood({ read, from, to }: Change, now: Date): Promise<string | undefined> {
  const { release } = read;
  if (release === undefined) return undefined;
  const standing = standingOf(release);
  const version = standing.canary?.version;
  if (version === undefined || !needsVerdict(standing)) return undefined;
  if ((to.get(version) ?? 0) <= (from.get(version) ?? 0)) return undefined;
  return refuseUnlessAsGood(release, way, () => verdictNow(release, now));
}
