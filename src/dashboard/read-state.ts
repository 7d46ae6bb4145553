import type { HistoryEntry } from "../history/entry";
import { fileHistory } from "../history/file-history";
import { readService, releasePath } from "../release/files/file";
import type { ProjectFiles } from "../release/files/project-files";
import { servicesOf } from "../release/files/releases-folder";
import { formatProblem } from "../release/problem";
import type { Release } from "../release/release";
import { bakeTimeOf, bakeTimeText, countedText } from "../release/steps/bake-time";
import { heldText } from "../release/steps/held";
import { notAsked } from "../release/steps/live-share";
import { rolesOf, type Standing, standingOf } from "../release/steps/standing";
import { stepsOf } from "../release/steps/steps";
import { modelOf } from "../release/strategies/strategies";
import { inSeconds } from "../release/time";
import { trafficOf } from "../release/traffic";
import { type BakeTimeView, isKnown } from "../watch/service-view";
import type { PastState, ReleaseState, ServiceState, TrialState } from "./service-state";
import { wayOf } from "./way";

/** What reading a project takes besides its files. */
export interface Reading {
  /** The project's folder. */
  readonly project: string;
  readonly files: ProjectFiles;
  readonly now: Date;
  /** The commands that a release allows next. */
  next(release: Release): ReleaseState["next"];
  /** What AWS said of a service last. @default - it is not asked */
  live?(name: string): ServiceState["live"];
}

/** Every service of an environment, also those whose files have problems. */
export function readServices(reading: Reading, environment: string): ServiceState[] {
  return servicesOf(reading.files, environment).map((service) => readState(reading, environment, service));
}

/** @param service its name within the environment */
export function readState(reading: Reading, environment: string, service: string): ServiceState {
  const { files } = reading;
  const path = releasePath(environment, service);
  const { context, release, problems } = readService(files, environment, service);
  const text = files.read(path);
  const name = `${environment}/${service}`;
  const live = reading.live?.(name);
  const told = { name, path, problems: problems.map(formatProblem), live };
  if (context === undefined || release === undefined || text === undefined) return told;
  const past = pastOf(() => fileHistory({ ...reading, path, text, context, release, name }));
  const byFile = releaseState(reading, release, past, path);
  if (live === undefined || !isKnown(live)) return { ...told, release: byFile };
  const { next, bakeTime } = live;
  return { ...told, release: { ...byFile, next, bakeTime: bakeTime && bakeText(bakeTime, reading.now) } };
}

/** As a verb tells it, counted from when the share is live. */
function bakeText({ until, text }: BakeTimeView, now: Date): string {
  return until === undefined ? text : countedText(new Date(until), text, now);
}

function releaseState(reading: Reading, release: Release, past: PastState, path: string): ReleaseState {
  const standing = standingOf(release);
  const baking = bakeTimeOf(standing, notAsked());
  return {
    strategy: release.strategy,
    versions: [...trafficOf(release)].map(([name, percent]) => ({
      name,
      percent,
      roles: rolesOf(standing, name).join(", "),
    })),
    trial: trialOf(standing, modelOf(release).movedBy === "codedeploy"),
    stableSince: standing.stableSince,
    steps: standing.steps && stepsOf(standing),
    bakeTime: baking && bakeTimeText(baking, reading.now),
    held: heldText(standing),
    next: reading.next(release),
    past,
    way: wayOf(reading.project, path, release, past),
  };
}

function trialOf({ canary, blue }: Standing, isShifted: boolean): TrialState | undefined {
  if (canary !== undefined)
    return {
      version: canary.version,
      as: "canary",
      percent: isShifted ? undefined : canary.percent,
      since: canary.since,
    };
  return blue && { version: blue.version, as: "blue", since: blue.since };
}

function pastOf(read: () => ReturnType<typeof fileHistory>): PastState {
  try {
    const { entries, isShallow } = read();
    const note = isShallow
      ? "This clone is shallow: 'git fetch --unshallow' brings the commits before these."
      : undefined;
    return { changes: entries.map(changeOf), note };
  } catch (error) {
    return { changes: [], note: `Not known: ${(error as Error).message}` };
  }
}

function changeOf({ at, move, shares, by, commit, pullRequest, why }: HistoryEntry) {
  const request = pullRequest === undefined ? "" : ` #${pullRequest}`;
  return {
    at: at && inSeconds(at),
    move,
    shares: shares && Object.fromEntries([...shares.to].filter(([, percent]) => percent > 0)),
    by,
    commit: commit && `${commit.slice(0, 7)}${request}`,
    why,
  };
}
