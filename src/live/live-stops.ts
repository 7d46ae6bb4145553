import type { FunctionsRelease } from "../release/release";
import type { Stop } from "../release/stops";
import type { TimeLimits } from "./call-time";
import { placeOf, withAws } from "./clients";
import type { Place } from "./live-release";
import { readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";
import { RecordedStops } from "./stops";

export interface LiveStops {
  readonly place: Place;
  /** Who serves in AWS. */
  readonly traffic: LiveTraffic;
  /** What was stopped, the latest first. */
  readonly stops: readonly Stop[];
}

/** Who serves in AWS, and what was stopped. @throws {Missing} where the service is not there */
export async function liveStops(release: FunctionsRelease, limits?: TimeLimits): Promise<LiveStops> {
  return withAws(release.environment, limits, async (aws) => {
    const recorded = new RecordedStops(aws, release.name);
    try {
      const [live, stops] = await Promise.all([readLive(aws, release), recorded.read()]);
      return { place: placeOf(aws), traffic: liveTraffic(release, live), stops };
    } finally {
      recorded.close();
    }
  });
}

/** Records a stop, so that no older decision gives the version users again. */
export async function recordStop(release: FunctionsRelease, stop: Stop, limits?: TimeLimits): Promise<void> {
  await withAws(release.environment, limits, async (aws) => {
    const recorded = new RecordedStops(aws, release.name);
    try {
      await recorded.add(stop);
    } finally {
      recorded.close();
    }
  });
}
