import type { Release } from "../release";
import type { StepInFile } from "../schema/release";
import type { TemporaryStageSettings } from "../version";
import type { Hold } from "./held";

/** Where a release stands: the versions that it names, and the shares that are planned for the canary. */
export interface Standing {
  /** The version that serves most users. */
  readonly stable: string;
  /** When it was decided that it serves most users, in UTC. @default - the file does not say */
  readonly stableSince?: string;
  /** The version that was stable before. @default - none */
  readonly former?: string;
  /** The version on trial. @default - all traffic goes to stable */
  readonly canary?: {
    readonly version: string;
    /** Its share, 0 to 100. @default - CodeDeploy gives it one */
    readonly percent?: number;
    /** Since when it has that share, in UTC. @default - the file does not say */
    readonly since?: string;
    /** Why it keeps that share. @default - no hold */
    readonly hold?: Hold;
  };
  /** The version behind the stage `blue`. @default - there is no such stage */
  readonly blue?: TemporaryStageSettings<string>;
  /** The version behind the stage `preview`. @default - there is no such stage */
  readonly preview?: TemporaryStageSettings<string>;
  /** The shares that a canary is planned to get, one after the other. @default - none are planned */
  readonly steps?: readonly StepInFile[];
}

export function standingOf(release: Release): Standing {
  const canary = "canary" in release ? release.canary : undefined;
  return {
    stable: release.stable.name,
    stableSince: release.stableSince,
    former: release.former?.name,
    canary: canary && {
      version: canary.version.name,
      percent: "percent" in canary ? canary.percent.value : undefined,
      since: canary.since,
      ...("hold" in canary && canary.hold !== undefined ? { hold: canary.hold } : {}),
    },
    blue: named("blue" in release ? release.blue : undefined),
    preview: named("preview" in release ? release.preview : undefined),
    steps: "steps" in release ? release.steps : undefined,
  };
}

/** What points at a version, in the file's words, such as `canary`. */
export function rolesOf({ stable, canary, blue, preview, former }: Standing, version: string): string[] {
  const roles = {
    stable,
    canary: canary?.version,
    blue: blue?.version,
    preview: preview?.version,
    former,
  };
  return Object.entries(roles).flatMap(([role, one]) => (one === version ? [role] : []));
}

function named(stage: TemporaryStageSettings<{ readonly name: string }> | undefined) {
  return stage && { ...stage, version: stage.version.name };
}
