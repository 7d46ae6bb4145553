import { recordedStops } from "../live/live-stops";
import type { PastShift, Rollout } from "../live/rollout";
import type { Release } from "../release/release";
import type { Stop } from "../release/steps/stops";
import type { EcsNativeRelease } from "../release/strategies/ecs-native";
import { modelOf } from "../release/strategies/strategies";
import type { HistoryEntry } from "./entry";

/** How many deployments of CodeDeploy or ECS are told. CodeDeploy answers with the newest 100 at once, and each is asked for. */
const mostShifts = 20;

/**
 * What AWS records beside the file: what the guard and `rollback --now` stopped, and the deployments of CodeDeploy or ECS. Of a
 * version AWS keeps the last stop alone.
 *
 * @throws {Missing} where the service is not there
 */
export async function awsHistory(release: Release): Promise<HistoryEntry[]> {
  if (modelOf(release).movedBy === "codedeploy") return (await pastShifts(release)).map(entryOfShift);
  if (release.strategy === "ecs-native") return nativeHistory(release);
  if (release.versionKind === "container" || release.guard === undefined) return [];
  return (await recordedStops(release)).map(entryOfStop);
}

/** The AWS SDK is loaded with it, and of that only what this kind of release needs. */
async function pastShifts(release: Release): Promise<readonly PastShift[]> {
  const past = (rollout: Rollout) => rollout.past(mostShifts);
  if (release.versionKind === "container")
    return (await import("../live/service-rollout.js")).withRollout(release, past);
  return (await import("../live/alias-rollout.js")).withRollout(release, past);
}

async function nativeHistory(release: EcsNativeRelease): Promise<HistoryEntry[]> {
  const { withNative } = await import("../live/native-service.js");
  const past = await withNative(release, (deployments) => deployments.past(mostShifts));
  return past.map(({ at, sight: { arn, from = "none", to, status, reason } }) => ({
    source: "aws",
    at,
    move: `${arn.replace(/^.*\//, "")}: shift ${from} to ${to}, ${status}`,
    by: "ECS",
    why: status === "SUCCESSFUL" ? undefined : reason,
  }));
}

function entryOfStop({ version, at, by, reason, from, to }: Stop): HistoryEntry {
  return {
    source: "aws",
    at: new Date(at),
    move: `stop ${version}`,
    by,
    shares: { from: new Map(Object.entries(from)), to: new Map(Object.entries(to)) },
    why: reason,
  };
}

function entryOfShift({ id, at, description, status, rollsBack, reason, part }: PastShift): HistoryEntry {
  const what = rollsBack === undefined ? `shift ${movedIn(description)}` : `take back ${rollsBack}`;
  return {
    source: "aws",
    at,
    move: `${id}: ${what}${part === undefined ? "" : ` of ${part}`}, ${status}`,
    by: "CodeDeploy",
    why: reason,
  };
}

/** `1 to 2`; of a deployment that something else started whatever it was described by. */
function movedIn(description: string): string {
  return /^\S+ to \S+/.exec(description)?.[0] ?? (description || "without a description");
}
