import type { Standing } from "./standing";

/** Why a canary keeps its share until `release`. */
export interface Hold {
  /** What the person wrote, in one line. */
  readonly why: string;
  /** Since when, in UTC to the second. */
  readonly since: string;
}

/** `v2 is held since 2026-11-28T09:00:00Z: the support team looks at it`; nothing without a hold. */
export function heldText({ canary }: Pick<Standing, "canary">): string | undefined {
  return canary?.hold && `${canary.version} is held since ${canary.hold.since}: ${canary.hold.why}`;
}
