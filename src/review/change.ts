import type { AwsProvider } from "../release/aws/aws-provider";
import type { LiveShare } from "../release/steps/live-share";
import type { Plan } from "./plan";
import type { Side } from "./side";
import type { Step } from "./step";

/** What becomes of one service: all that a check judges by. */
export interface Change {
  /** `<service>-<environment>` */
  readonly stack: string;
  /** The base as it was named. */
  readonly ref: string;
  /** @default - the service is new */
  readonly base?: Side;
  /** @default - the service is removed */
  readonly head?: Side;
  readonly steps: readonly Step[];
  /** @default - none was given */
  readonly plan?: Plan;
  /** Versions that a commit before the base listed. */
  readonly pastVersions: readonly string[];
  readonly now: Date;
  /** The one that deploys the working tree. @default - it is unknown */
  readonly provider?: AwsProvider;
  /** What AWS tells of the share that the base gives its canary. @default - AWS was not asked */
  readonly live?: LiveShare;
}

/** A service that both sides have. */
export type Continued = Change & Required<Pick<Change, "base" | "head">>;

export function isContinued(change: Change): change is Continued {
  return change.base !== undefined && change.head !== undefined;
}
