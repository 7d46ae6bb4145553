import { type Account, clientsOf, disconnect } from "../live/clients";
import { LiveShareRecord } from "../live/live-share-record";
import { readOwnAliases } from "../live/live-state";
import type { Guarded } from "../release/guarded";
import type { Decision } from "../release/steps/decision";
import { isSameShare, type RecordedShare, wholeShare } from "../release/steps/live-share";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { servingNow } from "./serving";

/**
 * Records since when the share of a version on trial, or a promotion, is live, where an alias splits: Lambda does not
 * say when an alias was changed. API Gateway says it of a stage, so nothing is read there.
 *
 * @throws {AwsError} where AWS does not answer
 */
export async function recordShare(
  account: Account,
  { release }: Pick<Guarded, "release">,
  now: Date,
): Promise<void> {
  if (modelOf(release).movedBy !== "alias") return;
  const aws = clientsOf(account);
  const recorded = new LiveShareRecord(account, release.name);
  try {
    const [aliases, before] = await Promise.all([readOwnAliases(aws, release), recorded.read()]);
    const { traffic, decision } = servingNow(release, { aliases }, []);
    const { version, percent = 0 } = traffic.canary ?? {};
    const share =
      version === undefined || percent === 0
        ? promoted(traffic.stable, decision)
        : decision?.canary?.version === version
          ? { version, percent, since: decision.canary.since }
          : undefined;
    if (share === undefined ? before === undefined : isSameShare(share, before)) return;
    await recorded.write(share && { ...share, at: inSeconds(now) });
  } finally {
    recorded.close();
    disconnect(aws);
  }
}

/** What serves everybody after a promotion: the guard returns its users for some time. */
function promoted(stable: string, decision: Decision | undefined): Omit<RecordedShare, "at"> | undefined {
  if (decision?.former === undefined || decision.stable.version !== stable) return undefined;
  return wholeShare(decision);
}
