import { cannotReview } from "./cannot-review";
import { contentsOf, firstLine, gitIn } from "./git";

/** A commit that changed one file, on the way of first parents: a merged pull request is one commit. */
export interface FileCommit {
  readonly id: string;
  /** When it was made, or merged. */
  readonly at: Date;
  readonly author: string;
  /** The first line of the message; of a merge by GitHub the title of the pull request. */
  readonly subject: string;
  /** Number of the pull request, as GitHub writes it into the message. @default - the message names none */
  readonly pullRequest?: number;
  /** The file's text. @default - the commit deleted it */
  readonly text?: string;
}

export interface FileLog {
  /** The oldest first. */
  readonly commits: readonly FileCommit[];
  /** Whether the clone is shallow: commits before the first one may be missing. */
  readonly isShallow: boolean;
}

/** The commits of the current branch that changed a file. @throws {CannotReview} where git cannot tell */
export function logOfFile(project: string, path: string): FileLog {
  const git = gitIn(project);
  const read = (args: readonly string[], input?: string): Buffer => {
    const { status, stdout, stderr } = git(args, input);
    if (status !== 0) cannotReview(`git ${args[0]} fails: ${firstLine(stderr)}`);
    return stdout;
  };
  const prefix = read(["rev-parse", "--show-prefix"]).toString().trim();
  // A repository without any commit has no history, and git calls that an error.
  if (git(["rev-parse", "--verify", "--quiet", "HEAD"]).status !== 0)
    return { commits: [], isShallow: false };
  const format = "--format=%H%x00%cI%x00%an%x00%B%x00";
  const fields = read(["log", "--first-parent", "--reverse", format, "--", path]).toString().split("\0");
  const told = Array.from({ length: Math.floor(fields.length / 4) }, (_, index) =>
    fields.slice(index * 4, index * 4 + 4),
  ).map(([id = "", at = "", author = "", message = ""]) => ({
    id: id.trim(),
    at: new Date(at),
    author,
    ...subjectOf(message),
  }));
  const nameOf = (id: string) => `${id}:${prefix}${path}`;
  const texts = contentsOf(
    told.map(({ id }) => nameOf(id)),
    read,
  );
  return {
    commits: told.map((commit) => ({ ...commit, text: texts.get(nameOf(commit.id)) })),
    isShallow: read(["rev-parse", "--is-shallow-repository"]).toString().trim() === "true",
  };
}

/**
 * GitHub writes the pull request's number behind the title, or names a merge after it and puts the title below:
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
 */
function subjectOf(message: string): Pick<FileCommit, "subject" | "pullRequest"> {
  const [first = "", ...rest] = message.split("\n").map((line) => line.trim());
  const merged = /^Merge pull request #(\d+) from /.exec(first);
  if (merged !== null)
    return { subject: rest.find((line) => line !== "") ?? first, pullRequest: Number(merged[1]) };
  const squashed = /^(.*?) \(#(\d+)\)$/.exec(first);
  return squashed === null
    ? { subject: first }
    : { subject: squashed[1] ?? first, pullRequest: Number(squashed[2]) };
}
