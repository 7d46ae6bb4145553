/** What a reviewer has to look at before the change may be applied. */
export interface Finding {
  /** Names the check, for programs. */
  readonly check: Check;
  /** A line of a file, `releases/dev/greeting.json:6`, or a resource of a plan. */
  readonly place: string;
  /** What is wrong, lower-case and without a full stop. */
  readonly message: string;
  /** Whether it is only to be known, and fails nothing. @default false */
  readonly isNote?: boolean;
}

export type Check =
  | "unexplained change"
  | "missing change"
  | "no plan"
  | "step skipped"
  | "bake time"
  | "decided again"
  | "held"
  | "publish and shift"
  | "beside a move"
  | "two pointers"
  | "hotfix definition"
  | "published version"
  | "promote alone"
  | "live state"
  | "pruned in use"
  | "strategy"
  | "replaced"
  | "removed"
  | "runtime"
  | "stopped"
  | "train"
  | "dead letter queue"
  | "permissions";
