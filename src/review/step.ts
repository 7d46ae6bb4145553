import type { FieldPath } from "../release/problem";

/** A move of traffic between versions that users call. */
export const moves = [
  "start",
  "shift",
  "promote",
  "roll back",
  "hotfix",
  "switch",
  "replace",
  "two moves",
] as const;
export type Move = (typeof moves)[number];

/** What one part of a change does, as far as it can be said in one word. */
export type StepKind =
  | Move
  | "deploy"
  | "remove"
  | "publish"
  | "prune"
  | "open"
  | "close"
  | "reopen"
  | "api"
  | "add API"
  | "remove API"
  | "code"
  | "settings"
  | "permissions"
  | "functions"
  | "concurrency"
  | "reserve"
  | "alias"
  | "stage"
  | "address"
  | "tags"
  | "boundary"
  | "environment"
  | "adopt"
  | "alarms"
  | "guard"
  | "hold"
  | "verdict"
  | "dashboard"
  | "rollout"
  | "hooks"
  | "triggers"
  | "ecs"
  | "container"
  | "other";

export interface Step {
  readonly kind: StepKind;
  /** `shift v2 to 25 %` */
  readonly text: string;
  /** What says so, in the release file or beside it: `canary.percent 10 -> 25`. */
  readonly shownBy: string;
  /** Where the head's file, or else the base's, says so. */
  readonly field: FieldPath;
  /** The version, or the folder of code, that it is about. @default - the whole service */
  readonly version?: string;
}

export function isMove({ kind }: Step): boolean {
  return (moves as readonly string[]).includes(kind);
}

/** `v2`; the number of a Lambda version says what it is. */
export function versionText(version: string): string {
  return /^\d+$/.test(version) ? `version ${version}` : version;
}
