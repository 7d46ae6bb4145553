import { Percent } from "./percent";

/** Who serves users: the version that serves most of them, and another one with its share. */
export interface Split {
  /** Name of the version. */
  readonly stable: string;
  /** `percent` is 0 to 100. @default - stable serves everybody */
  readonly canary?: { readonly version: string; readonly percent: number };
}

/** The share of the users' traffic of each version, 0 to 100. */
export type Traffic = ReadonlyMap<string, number>;

/**
 * The shares of the versions that serve.
 *
 * @param listed versions that come first, in this order, also if they serve no users. @default - none
 */
export function sharesOf({ stable, canary }: Split, listed: readonly string[] = []): Traffic {
  const shares = new Map(listed.map((version) => [version, 0]));
  const add = (version: string, percent: number) =>
    shares.set(version, withoutNoise((shares.get(version) ?? 0) + percent));
  add(stable, 100 - (canary?.percent ?? 0));
  if (canary !== undefined) add(canary.version, canary.percent);
  return shares;
}

/** A share as the file could say it: without the noise of binary fractions. */
export function withoutNoise(percent: number): number {
  return Number(percent.toFixed(Percent.maxDecimals));
}
