import type { Traffic } from "../release/split";

/** One change of who serves what. */
export interface HistoryEntry {
  /** `file` by a commit of the release file, `aws` what AWS records beside it. */
  readonly source: "file" | "aws";
  /** When, in UTC. @default - the file was changed and not yet committed */
  readonly at?: Date;
  /** What it was: `shift v2 to 50 %`. */
  readonly move: string;
  /** The author of the commit, or who did it in AWS. @default - it is not known */
  readonly by?: string;
  /** Percent of the users by version, before and then. @default - AWS does not record it */
  readonly shares?: { readonly from: Traffic; readonly to: Traffic };
  /** The commit's id. @default - there is none */
  readonly commit?: string;
  /** Number of the pull request on GitHub. @default - the commit's message names none */
  readonly pullRequest?: number;
  /** The first line of the commit's message, or the reason that AWS records. @default - none is recorded */
  readonly why?: string;
}
