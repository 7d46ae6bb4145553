import type { NotKnown } from "../live/live-view";
import type { StepState } from "../release/steps/steps";
import type { ServiceView } from "../watch/service-view";

/** A service as its page shows it: what its files say, and what git records of them. It can be written as JSON.. */
export interface ServiceState {
  /** `<environment>/<service>` */
  readonly name: string;
  /** Of the release file, relative to the project. */
  readonly path: string;
  /** @default - the file has problems */
  readonly release?: ReleaseState;
  /** A line each, as other verbs print them. */
  readonly problems: readonly string[];
  /** What AWS says. @default - it was not asked */
  readonly live?: ServiceView | NotKnown;
}

export interface ReleaseState {
  readonly strategy: string;
  /** In the order of the file. */
  readonly versions: readonly VersionState[];
  /** The version on trial. @default - none */
  readonly trial?: TrialState;
  /** In UTC. @default - the file does not say */
  readonly stableSince?: string;
  /** @default - the file plans none */
  readonly steps?: readonly StepState[];
  /** Until when the share stays, as `status` prints it. @default - no bake time is planned */
  readonly bakeTime?: string;
  /** Who holds the canary at its share, since when and why. @default - nobody does */
  readonly held?: string;
  /** What may be run next. */
  readonly next: readonly { readonly command: string; readonly effect: string }[];
  readonly past: PastState;
  /** From the release file to AWS, in the order of the way. */
  readonly way: readonly Station[];
}

export interface VersionState {
  readonly name: string;
  /** Share of the users by the file. */
  readonly percent: number;
  /** What points at it: `stable`, `canary`. */
  readonly roles: string;
}

export interface TrialState {
  readonly version: string;
  /** What the file calls it. */
  readonly as: "canary" | "blue";
  /** @default - AWS gives it one, or it has none */
  readonly percent?: number;
  /** In UTC. @default - the file does not say */
  readonly since?: string;
}

/** Changes of who serves what. */
export interface PastState {
  /** The oldest first. */
  readonly changes: readonly PastChange[];
  /** Why there may be more than these, as a sentence. @default - there are no others */
  readonly note?: string;
}

export interface PastChange {
  /** In UTC. @default - not committed yet */
  readonly at?: string;
  readonly move: string;
  /** Share by version, of those that serve. @default - not recorded */
  readonly shares?: Readonly<Record<string, number>>;
  readonly by?: string;
  /** The commit, with its pull request. @default - there is none */
  readonly commit?: string;
  readonly why?: string;
}

/** A place between the release file and users. */
export interface Station {
  readonly what: string;
  /** Where it is: a path, a name. */
  readonly where: string;
  readonly told: string;
  /** Whether somebody should look at it. */
  readonly needsCare?: boolean;
}
