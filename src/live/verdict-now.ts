import { Unable } from "../release/files/project";
import type { FunctionsRelease, Release } from "../release/release";
import { Refusal } from "../release/verbs/transitions";
import { type ComparedShare, comparedCanary, comparedShare, type NotCompared } from "./compared-share";
import type { LiveVerdict } from "./live-verdict";

/** A verdict, and whose it is. */
export interface CanaryVerdict extends LiveVerdict {
  readonly stable: string;
  readonly canary: string;
}

/** It is not known since when the canary has its share, or it does not have it. */
export class UnknownShare extends Unable {}

/**
 * The verdict on the canary of a release file, from since when it has its share, or on the version that AWS shifts
 * users of containers to. The AWS SDK is loaded with the question.
 *
 * @param since counts from this time instead. @default - since the canary has its share
 * @throws {Refusal} where there is no canary to compare
 * @throws {Unable} where AWS shifts no users of containers
 * @throws {UnknownShare} where it is not known since when the canary has its share, or it does not have it
 * @throws {AwsError} where AWS cannot be asked
 */
export async function verdictNow(release: Release, now: Date, since?: Date): Promise<CanaryVerdict> {
  if (release.versionKind === "container") {
    const { containersVerdict } = await import("./containers-verdict.js");
    return containersVerdict(release, now, since);
  }
  const { canary, since: from } =
    since === undefined ? await shareOf(release) : { ...canaryOf(release), since };
  const { readVerdict } = await import("./live-verdict.js");
  const found = await readVerdict(release, canary, from, now);
  return { ...found, stable: release.stable.name, canary };
}

/** @throws {Refusal} where there is no canary to compare */
function canaryOf(release: FunctionsRelease): { readonly canary: string } {
  const compared = comparedCanary(release);
  if ("notKnown" in compared) throw refused(compared);
  return compared;
}

async function shareOf(release: FunctionsRelease): Promise<ComparedShare> {
  const compared = await comparedShare(release, async () => {
    const { readLiveShare } = await import("./live-share.js");
    return readLiveShare(release);
  });
  if ("notKnown" in compared) throw refused(compared);
  return compared;
}

function refused({ notKnown, todo, isOfTime }: NotCompared): Error {
  return isOfTime ? new UnknownShare(`${notKnown}${todo}`) : new Refusal(`${notKnown}${todo}`);
}
