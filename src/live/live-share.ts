import { type FunctionsRelease, isServedByApi, type Release } from "../release/release";
import { readDecision } from "../release/steps/decision";
import { isSameShare, type LiveShare, notAsked } from "../release/steps/live-share";
import { type Standing, standingOf } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import { AwsError } from "./aws-error";
import { type Aws, withAws } from "./clients";
import { LiveShareRecord } from "./live-share-record";
import { type LiveApi, type LiveState, Missing, readLive, readOwnAliases } from "./live-state";
import { type LiveTraffic, liveTraffic } from "./live-traffic";

type Canary = NonNullable<Standing["canary"]>;

const unknown = (why: string): LiveShare => ({ is: "unknown", why });

/**
 * Whether the share that a release gives its canary is live, and since when. Where AWS cannot be asked, that is the
 * answer: a bake time is then counted from the file's time.
 */
export async function readLiveShare(release: Release): Promise<LiveShare> {
  const { canary } = standingOf(release);
  if (canary === undefined || release.versionKind === "container") return notAsked();
  return orUnknown(() =>
    withAws(release.environment, undefined, async (aws) =>
      shareIn(aws, release, canary, await readPointer(aws, release)),
    ),
  );
}

/**
 * The same, where the state of AWS is read already.
 *
 * @param live as `readLive` reads it
 */
export async function liveShareOf(aws: Aws, release: FunctionsRelease, live: LiveState): Promise<LiveShare> {
  const { canary } = standingOf(release);
  return canary === undefined ? notAsked() : orUnknown(() => shareIn(aws, release, canary, live));
}

async function orUnknown(read: () => Promise<LiveShare>): Promise<LiveShare> {
  try {
    return await read();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof Missing) return { is: "other", why: message };
    if (error instanceof AwsError) return unknown(`AWS does not say since when it is live (${message})`);
    throw error;
  }
}

/** What says who serves users: the stage, or the aliases that split. */
export async function readPointer(aws: Aws, release: FunctionsRelease): Promise<LiveState> {
  return modelOf(release).movedBy === "alias"
    ? { aliases: await readOwnAliases(aws, release) }
    : readLive(aws, release);
}

async function shareIn(
  aws: Aws,
  release: FunctionsRelease,
  canary: Canary,
  live: LiveState,
): Promise<LiveShare> {
  const isMovedByAlias = modelOf(release).movedBy === "alias";
  const traffic = liveTraffic(release, live);
  if (!isAsInFile(traffic, release, canary)) return { is: "other", why: `AWS sends ${sharesText(traffic)}` };
  if (!isMovedByAlias && live.api !== undefined && isServedByApi(release))
    return sinceStage(live.api.stage, canary);
  return sinceRecorded(aws, release, canary);
}

function isAsInFile({ stable, canary, ...live }: LiveTraffic, release: Release, inFile: Canary): boolean {
  return (
    live.unknown.length === 0 &&
    stable === release.stable.name &&
    canary?.version === inFile.version &&
    canary.percent === canaryPercent({ canary: inFile })
  );
}

/** Whatever changed the stage after the step, the share was live by then. */
function sinceStage({ description = "", updated }: LiveApi["stage"], { version, since }: Canary): LiveShare {
  const said = readDecision(description)?.canary;
  const isOther = said !== undefined && !isSameShare({ ...said, percent: 0 }, { version, since, percent: 0 });
  if (isOther) return unknown(`the stage says that it was decided at ${said.since ?? "an unknown time"}`);
  if (updated === undefined) return unknown("API Gateway does not say when the stage was changed");
  return { is: "live", since: updated };
}

/** Lambda does not say when an alias was changed: only a guard has seen it. */
async function sinceRecorded(aws: Aws, release: FunctionsRelease, canary: Canary): Promise<LiveShare> {
  if (release.guard === undefined)
    return unknown("Lambda does not say when an alias was changed, and there is no guard to record it");
  const recorded = new LiveShareRecord(aws, release.name);
  try {
    const share = await recorded.read();
    const inFile = { ...canary, percent: canaryPercent({ canary }) };
    if (share === undefined || !isSameShare(inFile, share))
      return unknown("the guard has not recorded since when it is live");
    return { is: "live", since: new Date(share.at) };
  } finally {
    recorded.close();
  }
}

function sharesText({ shares }: LiveTraffic): string {
  const served = [...shares].filter(([, percent]) => percent > 0);
  return served.map(([version, percent]) => `${percent} % to ${version}`).join(", ");
}
