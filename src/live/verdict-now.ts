import { Unable } from "../release/files/project";
import type { FunctionsRelease, Release } from "../release/release";
import { type Standing, standingOf } from "../release/standing";
import { shareSince } from "../release/steps";
import { modelOf, strategiesThat } from "../release/strategies/strategies";
import { Refusal } from "../release/transitions";
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
  const canary = compared(release);
  const from = since ?? (await sinceShare(release, canary));
  const { readVerdict } = await import("./live-verdict.js");
  const found = await readVerdict(release, canary.version, from, now);
  return { ...found, stable: release.stable.name, canary: canary.version };
}

type Canary = NonNullable<Standing["canary"]>;

/** @throws {Refusal} where there is no canary to compare */
function compared(release: FunctionsRelease): Canary {
  if (!modelOf(release).fields.includes("verdict"))
    throw new Refusal(
      `verdict compares a version that has some of the users with stable, and ${release.strategy} has none: it is for ` +
        strategiesThat(({ fields }) => fields.includes("verdict")),
    );
  const { canary } = standingOf(release);
  if (canary === undefined) throw new Refusal("no version is on trial: 'start' one first");
  return canary;
}

/**
 * Since when the canary has its share. What was found at another share is no evidence for this one, so the share must
 * be live: AWS is asked, unless CodeDeploy gives the share, which no file knows.
 */
async function sinceShare(release: FunctionsRelease, { version, since }: Canary): Promise<Date> {
  if (since === undefined)
    throw new UnknownShare(`the file does not say since when ${version} has its share: write 'canary.since'`);
  if (modelOf(release).movedBy === "codedeploy") return new Date(since);
  const { readLiveShare } = await import("./live-share.js");
  const live = await readLiveShare(release);
  if (live.is === "other")
    throw new UnknownShare(`the share of ${version} is not live: ${live.why}; deploy the file`);
  return shareSince(since, live.is === "live" ? live.since : undefined);
}
