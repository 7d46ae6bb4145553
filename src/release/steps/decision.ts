import type { Standing } from "./standing";

/** A version, and when it was decided that it serves users. */
export interface Decided {
  /** Its name in the file. */
  readonly version: string;
  /** In UTC. @default - the file does not say */
  readonly since?: string;
}

/** By what decision a pointer stands as it does. */
export interface Decision {
  /** The version that serves most users. */
  readonly stable: Decided;
  /** The version that was stable before. @default - none */
  readonly former?: string;
  /** @default - no version is on trial */
  readonly canary?: Decided;
}

/** What a file says of who serves users, and since when. */
export function decisionOf({ stable, stableSince, former, canary }: Standing): Decision {
  return {
    stable: { version: stable, since: stableSince },
    former,
    canary: canary && { version: canary.version, since: canary.since },
  };
}

/**
 * A decision as the description of a pointer, which AWS returns:
 * `stable v1 since 2026-11-20T09:00:00Z, former v0, canary v2 since 2026-11-27T10:00:00Z`
 */
export function decisionText({ stable, former, canary }: Decision): string {
  const parts = [
    `stable ${decidedText(stable)}`,
    ...(former === undefined ? [] : [`former ${former}`]),
    ...(canary === undefined ? [] : [`canary ${decidedText(canary)}`]),
  ];
  return parts.join(", ");
}

/** @returns nothing where the text is no decision */
export function readDecision(text: string): Decision | undefined {
  const decided = (role: string) => `${role} (?<${role}>\\S+?)(?: since (?<${role}Since>\\S+?))?`;
  const pattern = new RegExp(
    `^${decided("stable")}(?:, former (?<former>\\S+?))?(?:, ${decided("canary")})?$`,
  );
  const found = pattern.exec(text)?.groups;
  if (found?.["stable"] === undefined) return undefined;
  const { stable, stableSince, former, canary, canarySince } = found;
  return {
    stable: { version: stable, since: stableSince },
    former,
    canary: canary === undefined ? undefined : { version: canary, since: canarySince },
  };
}

function decidedText({ version, since }: Decided): string {
  return since === undefined ? version : `${version} since ${since}`;
}
