import type { FunctionsRelease } from "../release/release";
import type { Stop } from "../release/steps/stops";
import { type Aws, withAws } from "./clients";
import { readLive } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";
import { RecordedStops } from "./stops";

export interface LiveStops {
  /** Who serves in AWS. */
  readonly traffic: LiveTraffic;
  /** What was stopped, the latest first. */
  readonly stops: readonly Stop[];
}

/** Who serves in AWS, and what was stopped. @throws {Missing} where the service is not there */
export function liveStops(release: FunctionsRelease): Promise<LiveStops> {
  return withStops(release, async (recorded, aws) => {
    const [live, stops] = await Promise.all([readLive(aws, release), recorded.read()]);
    return { traffic: liveTraffic(release, live), stops };
  });
}

/** What was stopped, the latest first: that alone is asked for. */
export function recordedStops(release: FunctionsRelease): Promise<readonly Stop[]> {
  return withStops(release, (recorded) => recorded.read());
}

/** Records a stop, so that no older decision gives the version users again. */
export function recordStop(release: FunctionsRelease, stop: Stop): Promise<void> {
  return withStops(release, (recorded) => recorded.add(stop));
}

function withStops<T>(
  { environment, name }: FunctionsRelease,
  use: (recorded: RecordedStops, aws: Aws) => Promise<T>,
): Promise<T> {
  return withAws(environment, undefined, async (aws) => {
    const recorded = new RecordedStops(aws, name);
    try {
      return await use(recorded, aws);
    } finally {
      recorded.close();
    }
  });
}
