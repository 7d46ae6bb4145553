import type { Change } from "../release/files/change";
import type { Release } from "../release/release";
import { standingOf } from "../release/steps/standing";

/**
 * What a return to an earlier version means for the API: with its code comes the definition that it was published with.
 *
 * @returns nothing where users keep the definition that they have, or get that of the version on trial
 */
export function definitionNote({ read, after }: Change): string | undefined {
  const before = read.context.file;
  const { stable } = standingOf(after);
  if (stable === before.stable || stable === (before.canary ?? before.blue)?.version) return undefined;
  const [now, then] = [fingerprintOf(after, before.stable), fingerprintOf(after, stable)];
  if (now === undefined || then === undefined || now === then) return undefined;
  return `${stable} was published with another API definition than ${before.stable} (${then}, not ${now}): everybody gets its routes`;
}

function fingerprintOf({ versions }: Release, name: string): string | undefined {
  const version = versions.find((one) => one.name === name);
  return version !== undefined && "fingerprint" in version ? version.fingerprint : undefined;
}
