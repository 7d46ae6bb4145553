import type { FunctionsRelease } from "../release/release";
import { modelOf } from "../release/strategies/strategies";
import { type Aws, withAws } from "./clients";
import { readPointer } from "./live-share";
import { LiveShareRecord } from "./live-share-record";
import type { LiveState } from "./live-state";
import { liveTraffic } from "./live-traffic";

/** A version on trial as AWS has it, whatever the file says by now. */
export interface LiveTrial {
  readonly stable: string;
  readonly version: string;
  readonly percent: number;
  /** Since when it has that share. @default - AWS does not say, and no guard has recorded it */
  readonly since?: Date;
}

/**
 * Which version is on trial in AWS, and since when it has its share.
 *
 * @returns nothing where no version is
 * @throws {AwsError} where AWS cannot be asked
 */
export function readTrial(release: FunctionsRelease): Promise<LiveTrial | undefined> {
  return withAws(release.environment, undefined, async (aws) =>
    trialIn(aws, release, await readPointer(aws, release)),
  );
}

/** The same, where the state of AWS is read already. */
export async function trialIn(
  aws: Aws,
  release: FunctionsRelease,
  live: LiveState,
): Promise<LiveTrial | undefined> {
  const { stable, canary } = liveTraffic(release, live);
  if (canary === undefined || canary.percent === 0) return undefined;
  const { version, percent } = canary;
  if (modelOf(release).movedBy !== "alias")
    return { stable, version, percent, since: live.api?.stage.updated };
  const recorded = new LiveShareRecord(aws, release.name);
  try {
    const share = await recorded.read();
    const isThis = share?.version === version && share.percent === percent;
    return { stable, version, percent, since: isThis ? new Date(share.at) : undefined };
  } finally {
    recorded.close();
  }
}
