import type { GitHub } from "./github";
import type { Proposal } from "./proposals";

interface PullRequest extends Proposal {
  /** `null` while GitHub finds out. */
  readonly mergeable: boolean | null;
  /** https://docs.github.com/graphql/reference/enums#mergestatestatus */
  readonly mergeable_state: string;
}

interface CheckRun {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
}

interface Repository {
  readonly allow_merge_commit?: boolean;
  readonly allow_squash_merge?: boolean;
}

/** What is merged, and into what. */
interface Content {
  /** The branch that it is merged into. */
  readonly branch: string;
  readonly files: readonly {
    /** In the repository. */
    readonly path: string;
    /** What it must be at the commit that is merged. */
    readonly text: string;
    /** Git's id of what it must be on the branch. */
    readonly blob: string;
  }[];
}

/** Whoever this is, what it merges starts no workflow: no deploy would follow. */
const workflowUser = "github-actions[bot]";

const passed = ["success", "neutral", "skipped"];

/**
 * Merges a pull request that GitHub would merge, and whose checks passed, the review among them.
 *
 * @returns what was done, or why it was not
 */
export async function mergeIfReady(
  github: GitHub,
  { number, user }: Proposal,
  content: Content,
): Promise<string> {
  if (user?.login === workflowUser)
    return "is not merged: what the workflow's own token merges starts no deploy; set ADVANCE_APP_ID (docs/auto.md)";
  const pull = await github.get<PullRequest>(`/pulls/${number}`);
  const { sha } = pull.head;
  if (pull.mergeable_state === "behind") {
    await github.send("PUT", `/pulls/${number}/update-branch`, { expected_head_sha: sha });
    return "is brought up to date with its base first";
  }
  const why =
    whyNot(pull) ?? (await whyUnchecked(github, sha)) ?? (await whyOther(github, number, sha, content));
  if (why !== undefined) return `is not merged yet: ${why}`;
  const merge_method = await methodOf(github);
  await github.send("PUT", `/pulls/${number}/merge`, {
    sha,
    merge_method,
    ...(merge_method === "squash" ? { commit_title: `${pull.title} (#${number})` } : {}),
  });
  return "is merged";
}

const states: Readonly<Record<string, string>> = {
  blocked: "a rule of the branch blocks it, such as an approval or a check that is missing",
  dirty: "it conflicts with its base",
  draft: "it is a draft",
  unstable: "a check has not passed",
};

function whyNot({ mergeable, mergeable_state: state }: PullRequest): string | undefined {
  if (mergeable === null) return "GitHub does not know yet whether it can be merged";
  if (mergeable && (state === "clean" || state === "has_hooks")) return undefined;
  return states[state] ?? `GitHub says '${state}'`;
}

async function whyUnchecked(github: GitHub, sha: string): Promise<string | undefined> {
  const { check_runs: runs } = await github.get<{ check_runs: CheckRun[] }>(
    `/commits/${sha}/check-runs?per_page=100`,
  );
  const open = runs.find(
    ({ status, conclusion }) => status !== "completed" || !passed.includes(conclusion ?? ""),
  );
  if (open !== undefined) return `the check '${open.name}' has not passed`;
  if (!runs.some(({ name, conclusion }) => /^review\b/.test(name) && conclusion === "success"))
    return "no check 'review' has passed on it";
  const { state, total_count: count } = await github.get<{ state: string; total_count: number }>(
    `/commits/${sha}/status`,
  );
  return count > 0 && state !== "success" ? `its commit status is '${state}'` : undefined;
}

/** A person who pushes to the branch has it merged by a person. */
async function whyOther(
  github: GitHub,
  number: number,
  sha: string,
  { branch, files }: Content,
): Promise<string | undefined> {
  const changed = await github.get<{ filename: string }[]>(`/pulls/${number}/files`);
  const isOther = changed.some(({ filename }) => files.every(({ path }) => path !== filename));
  if (isOther || changed.length < files.length) return otherChanges;
  for (const { path, text, blob } of files) {
    const { content } = await github.get<File>(`/contents/${path}?ref=${sha}`);
    if (Buffer.from(content, "base64").toString() !== text) return otherChanges;
    // Somebody may have held it since this run read its file.
    const base = await github.get<File>(`/contents/${path}?ref=${branch}`);
    if (base.sha !== blob) return `${path} has changed on ${branch} meanwhile`;
  }
  return undefined;
}

const otherChanges = "its branch has other changes than the step: a person merges it, or closes it";

interface File {
  readonly sha: string;
  /** In base64. */
  readonly content: string;
}

async function methodOf(github: GitHub): Promise<"squash" | "merge" | "rebase"> {
  const { allow_squash_merge: squash, allow_merge_commit: merge } = await github.get<Repository>("");
  if (squash === true) return "squash";
  return merge === false ? "rebase" : "merge";
}
