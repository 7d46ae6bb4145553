/** What was counted of a version in a minute. */
export interface Counts {
  readonly requests: number;
  /** Those of them that failed; of a user's own metric, what it counts. */
  readonly failed: number;
}

/** The same minute of both. */
export interface ShareMinute {
  readonly stable: Counts;
  readonly canary: Counts;
}

/** Which difference of two shares matters: the larger of the two, as shares and not in percent. */
export interface Margin {
  readonly points: number;
  readonly relative: number;
}

/** The smallest share of a canary that would matter beside stable's. */
export function marginAbove(share: number, { points, relative }: Margin): number {
  return share + Math.max(points, relative * share);
}

export const nothing: Counts = { requests: 0, failed: 0 };

export function plus(one: Counts, other: Counts): Counts {
  return { requests: one.requests + other.requests, failed: one.failed + other.failed };
}

/** The share that failed. @returns 0 without requests */
export function shareOf({ requests, failed }: Counts): number {
  return requests === 0 ? 0 : failed / requests;
}

/** A minute tells of a difference only where both answered. */
export function hasBoth({ stable, canary }: ShareMinute): boolean {
  return stable.requests > 0 && canary.requests > 0;
}
